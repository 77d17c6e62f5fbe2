"""What EXPORT writes: table files, pages, and folders of pictures."""
