"""From files to documents: front matter checked, Markdown rendered and made safe, changes noticed."""
