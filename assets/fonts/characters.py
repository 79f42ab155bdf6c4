"""Prints every character that a bundled font must hold, in code-point order.

Usage: python3 characters.py bold TEXT_FILE... > characters-bold.txt
       python3 characters.py regular TEXT_FILE... > characters.txt
Both: GB 2312 (level 1 and 2 hanzi, its punctuation, numbers and full-width forms), printable ASCII, Latin-1, the
symbols that budget papers use, and whatever the given UTF-8 files hold beyond that. `regular` has besides every hanzi
of GB 18030 that a place name can hold: the two-byte part with its additions (U+4E00 to U+9FEF) and, beyond it, the
characters of the Table of General Standard Chinese Characters of 2013 (EXTENSION_A below, and extensions C to E).
"""
import sys

SYMBOLS = (
    "±≤≥≠≈×÷–—―…‰¥−•·‘’“”′″←↑→↓↔●○■□▲△▼▽◆◇★☆※§№℃√∑∞"
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳〔〕【】《》〈〉「」『』〇￥￡$€£©®™²³"
)
EXTENSION_A = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㵲㶲㸆㸌㺄㻬㽏㿠"
    "䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
# Of the extensions beyond the first plane only what Noto Sans CJK SC draws; pyftsubset leaves out the rest.
HANZI = [range(0x4E00, 0x9FF0), range(0x2A700, 0x2CEB0)]


def gb2312(rows):
    for row in rows:
        for cell in range(1, 95):
            try:
                yield bytes([0xA0 + row, 0xA0 + cell]).decode("gb2312")
            except UnicodeDecodeError:
                pass


def drawn():
    """Code points of the font, from a list that `fonttools` prints; see README.md."""
    return {int(line, 16) for line in open("drawn.txt")}


def main():
    which, texts = sys.argv[1], sys.argv[2:]
    found = {chr(c) for c in [*range(0x20, 0x7F), *range(0xA0, 0x100)]} | set(SYMBOLS)
    found |= {chr(c) for c in range(0xFF01, 0xFF5F)}
    # Rows 1-3: punctuation, numbers, full width; 6: Greek; 8: pinyin; 16-55: level 1; 56-87: level 2.
    found |= set(gb2312([1, 2, 3, 6, 8, *range(16, 88)]))
    for path in texts:
        found |= set(open(path, encoding="utf-8").read())
    if which == "regular":
        known = drawn()
        found |= {chr(c) for part in HANZI for c in part if c in known} | set(EXTENSION_A)
    sys.stdout.write("".join(sorted(c for c in found if c >= " " and c != "\x7f" and c != "\ufeff")))


main()
