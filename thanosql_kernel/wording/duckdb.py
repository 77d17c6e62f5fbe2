"""DuckDB's messages, as templates in its own words, and how each is said in Korean.

`duck.told` finds the template that a message is, and says it with the values in it: in English that is the message
again. A value called ``problem`` is a message itself.
"""

from __future__ import annotations

from thanosql_kernel.wording.text import Foreign, Wording

#: Any other message.
OTHER = Wording("{text}", "쿼리를 처리할 수 없습니다(DuckDB: {text})")
NOT_VALID = Wording("the query is not valid", "쿼리가 올바르지 않습니다")

_CAST = {
    "{problem} when casting from source column {column}": "{problem}({column} 컬럼의 값)",
    "Failed to cast value: {problem}": "값을 변환할 수 없습니다: {problem}",
    "Could not convert string '{value}' to {type}": "문자열 '{value}'을(를) {type} 타입으로 변환할 수 없습니다",
    'Could not convert string "{value}" to {type}': '문자열 "{value}"을(를) {type} 타입으로 변환할 수 없습니다',
    "Could not cast value {value} to {type}": "값 {value}을(를) {type} 타입으로 변환할 수 없습니다",
    "Type {from} with value {value} can't be cast because the value is out of range for the destination type {type}": (
        "{from} 타입의 값 {value}은(는) {type} 타입의 범위를 벗어납니다"
    ),
    "Type {from} with value {value} can't be cast to the destination type {type}": (
        "{from} 타입의 값 {value}을(를) {type} 타입으로 변환할 수 없습니다"
    ),
    "Unimplemented type for cast ({from} -> {type})": "{from} 타입은 {type} 타입으로 변환할 수 없습니다",
    "Cannot cast list with length {given} to array with length {length}": (
        "길이가 {given}인 목록을 길이가 {length}인 배열로 변환할 수 없습니다"
    ),
    "Type {one} does not match with {other}. Cannot cast STRUCTs of different size": (
        "{one} 타입과 {other} 타입은 크기가 다른 STRUCT라서 서로 변환할 수 없습니다"
    ),
    'invalid date field format: "{value}", expected format is ({format})': (
        '"{value}"은(는) 날짜 형식이 아닙니다. 올바른 형식: {format}'
    ),
    'invalid timestamp field format: "{value}", expected format is ({format})': (
        '"{value}"은(는) 날짜와 시간 형식이 아닙니다. 올바른 형식: {format}'
    ),
    'date field value out of range: "{value}"': '"{value}"은(는) 없는 날짜입니다',
    'time field value out of range: "{value}", expected format is ({format})': (
        '"{value}"은(는) 없는 시간입니다. 올바른 형식: {format}'
    ),
    "Date out of range: {value}": "{value}은(는) 없는 날짜입니다",
    "Date and time not in timestamp range": "날짜와 시간이 TIMESTAMP 타입의 범위를 벗어납니다",
    'Could not parse string "{value}" according to format specifier "{format}" {detail}': (
        '문자열 "{value}"을(를) 형식 "{format}"에 따라 읽을 수 없습니다'
    ),
    "Failed to parse format specifier {format}: {detail}": "{format}은(는) 날짜나 시간의 형식이 아닙니다",
    'extract specifier "{name}" not recognized': '"{name}"은(는) 날짜나 시간의 부분이 아닙니다',
    "Malformed JSON at byte {place} of input: {reason}. Input: {input}": (
        "올바른 JSON이 아닙니다({place}번째 바이트): {input}"
    ),
    "Invalid character encountered in string -> bit conversion: '{value}'": (
        "'{value}'은(는) BIT 타입으로 변환할 수 없는 문자입니다"
    ),
}
_COMPUTED = {
    "Division by zero in expression {expression}": "0으로 나누었습니다: {expression}",
    "Overflow in addition of {type} ({operands})": "덧셈의 결과가 {type} 타입의 범위를 벗어납니다: {operands}",
    "Overflow in subtraction of {type} ({operands})": "뺄셈의 결과가 {type} 타입의 범위를 벗어납니다: {operands}",
    "Overflow in multiplication of {type} ({operands})": "곱셈의 결과가 {type} 타입의 범위를 벗어납니다: {operands}",
    "Overflow in multiplication of {type} ({operands}). "
    "You might want to add an explicit cast to a decimal with a smaller scale": (
        "곱셈의 결과가 {type} 타입의 범위를 벗어납니다: {operands}. 소수 자릿수가 더 작은 DECIMAL로 CAST하십시오"
    ),
    "Overflow in {operation} of {type} ({operands}). You might want to add an explicit cast to a bigger decimal": (
        "{operation} 연산의 결과가 {type} 타입의 범위를 벗어납니다: {operands}. 더 큰 DECIMAL로 CAST하십시오"
    ),
    "Overflow in {operation} of {operands}": "{operation} 연산의 결과가 타입의 범위를 벗어납니다: {operands}",
    "Overflow on {call}": "{call}의 결과가 타입의 범위를 벗어납니다",
    "Value out of range": "값이 타입의 범위를 벗어납니다",
    "Cannot create a string of size: '{size}', the maximum supported string size is: '{most}'": (
        "길이가 {size}인 문자열은 만들 수 없습니다. 가장 긴 것은 {most}입니다"
    ),
    "Slice step cannot be zero": "자르는 간격은 0일 수 없습니다",
    "interval cannot be 0": "간격은 0일 수 없습니다",
    "Map keys must be unique": "MAP의 키가 중복되었습니다",
    "The map key list does not align with the map value list": "MAP의 키와 값의 수가 다릅니다",
    "Map keys can not be NULL": "MAP의 키는 NULL일 수 없습니다",
    "Cannot perform list_reduce on an empty input list": "빈 목록에는 list_reduce를 쓸 수 없습니다",
    "{function}: list dimensions must be equal, got left length '{left}' and right length '{right}'": (
        "{function}: 두 목록의 길이가 같아야 하는데 왼쪽은 {left}, 오른쪽은 {right}입니다"
    ),
    "{function}: Array arguments must be of the same size": "{function}: 두 배열의 크기가 같아야 합니다",
    "missing {sign}: {pattern}": "정규식에 {sign} 기호가 빠졌습니다: {pattern}",
    "Invalid escape string. Escape string must be empty or one character": "ESCAPE 뒤에는 한 글자만 쓸 수 있습니다",
    "Invalid UTF8 Codepoint {value}": "{value}은(는) 없는 문자 번호입니다",
    'Could not decode string "{value}" as base64: {reason}': 'base64로 쓴 문자열이 아닙니다: "{value}"',
    "Failure in decode: could not convert blob to UTF8 string, {rest}": "UTF-8 텍스트로 읽을 수 없는 BLOB입니다",
    "More than one row returned by a subquery used as an expression - scalar subqueries can only return a single row": (
        "값으로 쓰는 하위 쿼리는 한 행만 돌려줄 수 있는데 여러 행을 돌려주었습니다"
    ),
    "JSON path error near '{path}'": "JSON 경로가 올바르지 않습니다: '{path}'",
}
_FUNCTIONS = {
    "No function matches the given name and argument types '{call}'. You might need to add explicit type casts": (
        "이름과 인자의 타입이 맞는 함수가 없습니다: {call}. 타입을 CAST로 바꿔야 할 수 있습니다"
    ),
    'Could not choose a best candidate function for the function call "{call}". '
    "In order to select one, please add explicit type casts": (
        "맞는 함수가 여럿이라 고를 수 없습니다: {call}. 타입을 CAST로 분명히 하십시오"
    ),
    "Macro {call} does not support the supplied arguments. You might need to add explicit type casts": (
        "{call} 함수에 맞지 않는 인자입니다. 타입을 CAST로 바꿔야 할 수 있습니다"
    ),
    "Cannot deduce template type '{template}' in function: '{call}' {types}": (
        "인자의 타입이 서로 맞지 않습니다: {call}"
    ),
    "Duplicate named argument \"{name}\" in function call to '{call}'": '이름이 같은 인자가 두 번 있습니다: "{name}"',
    "{call} takes exactly one argument": "{call} 함수는 인자를 하나만 받습니다",
    "{call}() requires at least one argument": "{call} 함수에는 인자가 하나 이상 있어야 합니다",
    "{call} requires an even number of arguments": "{call} 함수의 인자는 짝수 개여야 합니다",
    "{call} keys must be VARCHAR, add an explicit cast to argument {name}": (
        "{call} 함수의 키는 텍스트여야 합니다: {name}"
    ),
    "Mismatch Function: Strings must be of equal length": "두 텍스트의 길이가 같아야 합니다",
    "{call} argument type must be STRUCT": "{call} 함수의 인자는 STRUCT 타입이어야 합니다",
    'Function "{name}" is a table function but it was used as a scalar function. '
    "This function has to be called in a FROM clause (similar to a table)": (
        '"{name}"은(는) 테이블을 돌려주는 함수이므로 테이블처럼 FROM 절에서 불러야 합니다'
    ),
    "UNNEST() can only be applied to lists, structs and NULL, not {type}": (
        "UNNEST는 목록, STRUCT, NULL에만 쓸 수 있고 {type} 타입에는 쓸 수 없습니다"
    ),
    "UNNEST requires a single list or array as input": "UNNEST에는 목록이나 배열 하나를 넣어야 합니다",
    "UNNEST not supported here": "여기에서는 UNNEST를 쓸 수 없습니다",
    "Nested UNNEST calls are not supported - use UNNEST(x, recursive := true) to unnest multiple levels": (
        "UNNEST 안에 UNNEST를 쓸 수 없습니다. 여러 단계를 풀려면 UNNEST(x, recursive := true)를 쓰십시오"
    ),
    "QUANTILE can only take parameters in the range [-1, 1]": "QUANTILE에는 -1부터 1까지의 값만 쓸 수 있습니다",
    "QUANTILE requires a range argument between [0, 1]": "QUANTILE에는 0부터 1까지의 값을 주어야 합니다",
    "Argument for {function} must be greater than zero": "{function} 함수의 인자는 0보다 커야 합니다",
    "ARRAY_SLICE can only operate on LISTs and VARCHARs": "목록과 텍스트만 자를 수 있습니다",
    "Cardinality can only operate on MAPs, LISTs and ARRAYs": "cardinality는 MAP, 목록, 배열에만 쓸 수 있습니다",
    "Cardinality must have exactly one arguments": "cardinality 함수는 인자를 하나만 받습니다",
    "Parameter type needs to be List": "인자는 목록이어야 합니다",
    "DISTINCT requires at least one argument": "DISTINCT 뒤에는 값이 하나 이상 있어야 합니다",
    'Invalid type specifier "{specifier}" for formatting a value of type {type}': (
        '{type} 타입의 값에는 형식 "{specifier}"을(를) 쓸 수 없습니다'
    ),
    "collations are only supported for type varchar": "COLLATE는 텍스트에만 쓸 수 있습니다",
}
_TYPES = {
    "Cannot compare values of type {one} and type {other} - an explicit cast is required": (
        "{one} 타입과 {other} 타입의 값은 비교할 수 없습니다. CAST로 타입을 맞추십시오"
    ),
    "Cannot compare values of type {one} and {other} in {clause} clause - an explicit cast is required": (
        "{clause}에서 {one} 타입과 {other} 타입의 값은 비교할 수 없습니다. CAST로 타입을 맞추십시오"
    ),
    "Cannot mix values of type {one} and {other} in {place} clause - an explicit cast is required": (
        "{place}에 {one} 타입과 {other} 타입의 값을 함께 쓸 수 없습니다. CAST로 타입을 맞추십시오"
    ),
    "Cannot mix values of type {one} and {other} in {place} operator - an explicit cast is required": (
        "{place}에 {one} 타입과 {other} 타입의 값을 함께 쓸 수 없습니다. CAST로 타입을 맞추십시오"
    ),
    "Cannot mix values of type {one} and {other} in {place} expression - an explicit cast is required": (
        "{place}에 {one} 타입과 {other} 타입의 값을 함께 쓸 수 없습니다. CAST로 타입을 맞추십시오"
    ),
    "Cannot combine types {one} and {other} - an explicit cast is required": (
        "{one} 타입과 {other} 타입의 값을 한 컬럼에 담을 수 없습니다. CAST로 타입을 맞추십시오"
    ),
    "Cannot unpivot columns of types {one} and {other} - an explicit cast is required": (
        "{one} 타입과 {other} 타입의 컬럼을 함께 UNPIVOT할 수 없습니다. CAST로 타입을 맞추십시오"
    ),
    "Cannot extract field '{field}' from expression \"{value}\" "
    "because it is not a struct, union, map, json or geometry": (
        "\"{value}\"에는 필드가 없어서 '{field}' 필드를 꺼낼 수 없습니다"
    ),
    "Can't insert nothing into a STRUCT": "STRUCT에 넣을 값이 없습니다",
    "Type with name {name} does not exist": "{name} 타입이 없습니다",
    "DECIMAL type width must be between {least} and {most}": "DECIMAL의 자릿수는 {least}부터 {most}까지입니다",
    "DECIMAL type scale cannot be greater than width": "DECIMAL의 소수 자릿수는 전체 자릿수보다 클 수 없습니다",
    "Expected a constant as type modifier": "타입의 괄호 안에는 정해진 값만 쓸 수 있습니다",
    "ENUM type requires at least one argument": "ENUM 타입에는 값이 하나 이상 있어야 합니다",
}
_NAMES = {
    "Ambiguous reference to column name {name} (use: '{one}' or '{other}')": (
        "{name} 컬럼이 여러 테이블에 있습니다. '{one}' 또는 '{other}'처럼 쓰십시오"
    ),
    "Ambiguous reference to column name {name}": "{name} 컬럼이 여러 테이블에 있습니다",
    'Ambiguous reference to table "{name}" (duplicate alias {alias}, '
    'explicitly alias one of the tables using "AS my_alias")': (
        '테이블 이름 "{name}"이(가) 두 번 쓰였습니다. 하나에 "AS 다른이름"으로 별칭을 붙이십시오'
    ),
    "Referenced column {name} not found in FROM clause and can't find in alias map": "{name} 컬럼이 없습니다",
    "Column {name} referenced in UNPIVOT but no matching entry was found in the table": (
        "UNPIVOT의 {name} 컬럼이 테이블에 없습니다"
    ),
    "No columns found to join on in NATURAL JOIN. {rest}": (
        "NATURAL JOIN으로 이을, 이름이 같은 컬럼이 없습니다. 모든 행을 짝지으려면 CROSS JOIN을 쓰십시오"
    ),
    'No matching columns found that match regex "{pattern}"': '정규식 "{pattern}"에 맞는 컬럼이 없습니다',
    "SELECT list is empty after resolving * expressions": "고른 컬럼이 하나도 남지 않았습니다",
    'Duplicate CTE name "{name}"': 'WITH에 같은 이름 "{name}"이(가) 두 번 있습니다',
    'window "{name}" does not exist': '"{name}" WINDOW가 없습니다',
    'Catalog "{name}" does not exist': '"{name}" 데이터베이스가 없습니다',
    'Referenced column "{name}" not found in FROM clause': '"{name}" 컬럼이 없습니다',
    'Referenced table "{name}" not found': '"{name}" 테이블이 없습니다',
    'Table with name "{name}" does not exist because schema "{schema}" does not exist': '"{schema}" 스키마가 없습니다',
    "Table with name {name} does not exist": "{name} 테이블이 없습니다",
    "Collation with name {name} does not exist": "{name} 정렬 규칙이 없습니다",
    "Sequence with name {name} does not exist": "{name} 시퀀스가 없습니다",
    'unrecognized configuration parameter "{name}"': '"{name}" 설정이 없습니다',
    "Values were not provided for the following parameters: {names}": "다음 매개변수의 값이 없습니다: {names}",
}
_CLAUSES = {
    "column {name} must appear in the GROUP BY clause or must be part of an aggregate function": (
        "{name} 컬럼은 GROUP BY 절에 있거나 집계 함수 안에 있어야 합니다"
    ),
    "column {name} must appear in the GROUP BY clause or be used in an aggregate function": (
        "{name} 컬럼은 GROUP BY 절에 있거나 집계 함수 안에 있어야 합니다"
    ),
    "aggregate function calls cannot be nested": "집계 함수 안에 집계 함수를 쓸 수 없습니다",
    "aggregate functions are not allowed in {clause}": "{clause} 절에는 집계 함수를 쓸 수 없습니다",
    "{clause} clause cannot contain aggregates": "{clause} 절에는 집계 함수를 쓸 수 없습니다",
    "{clause} cannot contain aggregates": "{clause} 절에는 집계 함수를 쓸 수 없습니다",
    "{clause} clause cannot contain window functions": "{clause} 절에는 윈도 함수를 쓸 수 없습니다",
    "{clause} cannot contain window functions": "{clause} 절에는 윈도 함수를 쓸 수 없습니다",
    "Aggregate functions are not supported here": "여기에서는 집계 함수를 쓸 수 없습니다",
    "Window functions are not supported here": "여기에서는 윈도 함수를 쓸 수 없습니다. 뒤에 OVER (…)가 필요합니다",
    "at least one window function must appear in the SELECT column or QUALIFY clause": (
        "QUALIFY를 쓰려면 SELECT나 QUALIFY 절에 윈도 함수가 하나 이상 있어야 합니다"
    ),
    "RANGE frames must have only one ORDER BY expression": "RANGE를 쓰려면 ORDER BY에 값이 하나만 있어야 합니다",
    "Frame starting from following row cannot have preceding rows": (
        "뒤의 행에서 시작하는 범위는 앞의 행에서 끝날 수 없습니다"
    ),
    "GROUPING statement cannot be used without groups": "GROUPING은 GROUP BY와 함께 써야 합니다",
    "GROUPING child {name} must be a grouping column": "{name} 컬럼은 GROUP BY 절에 있어야 합니다",
    "Maximum grouping set count of {most} exceeded": "GROUP BY의 묶음이 {most}개를 넘습니다",
    "{clause} term out of range - should be between {first} and {last}": (
        "{clause} 절의 번호는 {first}부터 {last}까지여야 합니다"
    ),
    "ORDER BY non-integer literal has no effect": "ORDER BY 뒤의 정해진 값은 순서를 바꾸지 않습니다",
    "ORDER BY non-integer literal has no effect. {rest}": (
        "ORDER BY 뒤의 정해진 값은 순서를 바꾸지 않습니다. ORDER BY는 집계 함수의 인자 뒤에 써야 합니다"
    ),
    "ORDER BY in a recursive query is not allowed": "재귀 쿼리에는 ORDER BY를 쓸 수 없습니다",
    "LIMIT/OFFSET cannot be negative": "LIMIT과 OFFSET은 음수일 수 없습니다",
    "Limit percent out of range, should be between {least}% and {most}%": (
        "LIMIT의 비율은 {least}%부터 {most}%까지여야 합니다"
    ),
    "Sample sample_size {size} out of range, must be between {least} and {most}": (
        "SAMPLE의 비율은 {least}부터 {most}까지여야 합니다"
    ),
    "Subquery returns {count} columns - expected {expected}": (
        "하위 쿼리의 컬럼은 {expected}개여야 하는데 {count}개입니다"
    ),
    "Set operations can only apply to expressions with the same number of result columns": (
        "UNION, EXCEPT, INTERSECT의 양쪽은 컬럼의 수가 같아야 합니다"
    ),
    "VALUES lists must all be the same length, expected {expected} but found a list with {found}": (
        "VALUES의 모든 행은 값의 수가 같아야 합니다"
    ),
    "DEFAULT is not allowed here": "여기에서는 DEFAULT를 쓸 수 없습니다",
    "Missing ASOF JOIN inequality": "ASOF JOIN에는 크기를 비교하는 조건이 필요합니다",
    "SELECT clause without selection list": "SELECT 뒤에 고를 것이 없습니다",
    "unterminated string literal": "문자열이 닫히지 않았습니다",
    "unterminated quoted identifier": "큰따옴표가 닫히지 않았습니다",
    'syntax error at or near "{text}"': '"{text}" 부근의 SQL 문법이 맞지 않습니다',
    'table "{name}" has {columns} columns but {values} values were supplied': (
        '"{name}" 테이블의 컬럼은 {columns}개인데 값은 {values}개입니다'
    ),
}
_MEMORY = {
    "failed to allocate data of size {size} ({used} used){rest}": "메모리가 부족합니다({used} 사용 중)",
    "could not allocate block of size {size} ({used} used){rest}": "메모리가 부족합니다({used} 사용 중)",
    "failed to pin block of size {size} ({used} used){rest}": "메모리가 부족합니다({used} 사용 중)",
    "failed to offload data block of size {size} ({used} used){rest}": "메모리와 디스크가 부족합니다({used} 사용 중)",
    "Out of Memory{rest}": "메모리가 부족합니다",
}

#: By what DuckDB says, the likelier and the more exact in front.
MESSAGES = {
    english: Foreign(english, korean)
    for group in (_FUNCTIONS, _CAST, _CLAUSES, _TYPES, _NAMES, _COMPUTED, _MEMORY)
    for english, korean in group.items()
}
