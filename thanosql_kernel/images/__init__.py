"""Pictures: decoding, preprocessing, prefetching and thumbnails."""
