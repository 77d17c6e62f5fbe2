"""A folder of pictures, films or sounds as rows: the listing of its files, and what is known of each."""
