"""What a build on a cluster costs beside one on this machine, what a document costs, and what that makes of a province."""
