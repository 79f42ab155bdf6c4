"""Prints every character the bundled fonts must hold, in code-point order.

Usage: python3 characters.py TEXT_FILE... > characters.txt
GB 2312 (level 1 and 2 hanzi, its punctuation, numbers and full-width forms), printable ASCII, Latin-1, the symbols
that budget papers use, and whatever the given UTF-8 files hold beyond that.
"""
import sys

SYMBOLS = (
    "±≤≥≠≈×÷–—―…‰¥−•·‘’“”′″←↑→↓↔●○■□▲△▼▽◆◇★☆※§№℃√∑∞"
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳〔〕【】《》〈〉「」『』〇￥￡$€£©®™²³"
)


def gb2312(rows):
    for row in rows:
        for cell in range(1, 95):
            try:
                yield bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312")
            except UnicodeDecodeError:
                pass


def main():
    found = {chr(c) for c in [*range(0x20, 0x7F), *range(0xA0, 0x100)]} | set(SYMBOLS)
    found |= {chr(c) for c in range(0xFF01, 0xFF5F)}
    # Rows 1-3: punctuation, numbers, full width; 6: Greek; 8: pinyin; 16-55: level 1; 56-87: level 2.
    found |= set(gb2312([1, 2, 3, 6, 8, *range(16, 88)]))
    for path in sys.argv[1:]:
        found |= set(open(path, encoding="utf-8").read())
    sys.stdout.write("".join(sorted(c for c in found if c >= " " and c != "\x7f" and c != "\ufeff")))


main()
