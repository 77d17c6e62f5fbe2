"""What the program says to people, in every language that it speaks, as data: one place for each thing said.

Errors stand below their code (`TS201` in `names.py` and so on), everything else by where people meet it: what
statements answer, help, pictures and widgets, editors, the command line. Code says `TS201.NO_TABLE(name=…)`.
"""

from thanosql_kernel.wording.counting import counted
from thanosql_kernel.wording.language import LANGUAGES, language, set_language
from thanosql_kernel.wording.lengths import shortened
from thanosql_kernel.wording.text import Code, Said, Wording

__all__ = ["LANGUAGES", "Code", "Said", "Wording", "counted", "language", "set_language", "shortened"]
