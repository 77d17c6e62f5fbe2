"""What COPY can be told about what it reads, by the kind of source."""

from __future__ import annotations

from thanosql_kernel.statements.options import Option

#: Of folders of photos, sounds and films.
MEDIA: tuple[Option, ...] = ()

#: Of tables in files.
TABLES: tuple[Option, ...] = ()
