"""Files and folders that systems, network disks and programs put among photos, and that nobody took."""

from __future__ import annotations

#: Folders by their names in lower case: of network disks (Synology, QNAP, Western Digital, NetApp), trashes, packed
#: archives of macOS, and what Windows and Linux keep at the root of a disk.
FOLDERS = frozenset(
    {
        "@eadir",
        "@recycle",
        "@recently-snapshot",
        "@snapshot",
        "@tmp",
        "@sharebin",
        "#recycle",
        "#snapshot",
        "~snapshot",
        "$recycle.bin",
        "recycler",
        "recycled",
        "system volume information",
        "lost+found",
        "lost.dir",
        "__macosx",
        "found.000",
    }
)

#: Files that are not worth a word: settings and thumbnails of file managers, and our own database.
UNTOLD = frozenset(
    (
        "thumbs.db",
        "ehthumbs.db",
        "ehthumbs_vista.db",
        "desktop.ini",
        "zbthumbnail.info",
        "icon\r",
        ".thanosql",
    )
)

#: What macOS keeps beside each file on disks of other systems, under the file's own ending.
APPLE_DOUBLE = "._"


def is_system_folder(name: str) -> bool:
    """Whether a folder of that name is left out; hidden ones are besides."""
    lowered = name.lower()
    return lowered in FOLDERS or lowered.endswith(_PREVIEWS)


#: Previews that Lightroom and Capture One keep, which are no photos of their own.
_PREVIEWS = (".lrdata", ".cosessiondb", ".cocatalogdb")
