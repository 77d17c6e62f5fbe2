"""The endings of the files that our decoders read; what a file is, its content decides (`sniff`)."""

from __future__ import annotations

RAW: frozenset[str] = frozenset(
    ".3fr .arw .cr2 .cr3 .dcr .dng .erf .fff .gpr .iiq .kdc .mef .mos .nef .nrw .orf .ori .pef .raf .rw2 .rwl"
    " .sr2 .srf .srw".split()
)
"""What cameras write beside or instead of a JPEG; read through the preview picture in it, if it has one."""

PICTURES: frozenset[str] = RAW | frozenset(
    ".apng .avif .avifs .bmp .dib .gif .heic .heics .heif .heifs .hif .ico .insp .j2c .j2k .jfif .jif .jp2 .jpc .jpe"
    " .jpeg .jpf .jpg .jps .jpx .jxl .mpo .pbm .pgm .png .pnm .ppm .psd .qoi .tif .tiff .webp".split()
)
"""All files that are pictures by their name, lower case, with the dot."""
