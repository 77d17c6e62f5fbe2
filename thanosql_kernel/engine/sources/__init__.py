"""What COPY reads: table files, workbooks, media folders, and files from the web."""
