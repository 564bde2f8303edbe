"""What text pages have in common: lines, headings, the words of types, declared fields, their schemas."""
