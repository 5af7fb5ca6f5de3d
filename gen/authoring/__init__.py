"""What writes into the repository for people: new documents, moves, new groups and sites, schemas."""
