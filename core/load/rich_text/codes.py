"""What RTF's control words mean, as far as they say what a reader sees (Rich Text Format 1.9.1)."""

CHARSETS = {
    2: "symbol", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
PAGES = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
CODE_PAGES = {10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8", 936: "gbk", 1361: "johab", 42: "symbol"}
SIGNS = {
    b"tab": "\t", b"line": "\n", b"softline": "\n", b"lbr": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘",
    b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
    b"qmspace": " ", b"~": " ", b"_": "-", b"-": "", b"|": "", b"*": "", b"{": "{", b"}": "}", b"\\": "\\",
    b"\n": "\n", b"\r": "\n", b"\t": "\t", b":": "", b"nestcell": " ", b"nestrow": " ",
}  # fmt: skip
# Groups whose text is none: tables of the file itself, pictures, the instructions of fields.
SKIPPED = frozenset(
    (b"colortbl", b"pict", b"objdata", b"objclass", b"objname", b"objalias", b"objsect", b"listtable",
     b"listoverridetable", b"revtbl", b"rsidtbl", b"filetbl", b"nonshppict", b"leveltext", b"nonesttables", b"shprslt",
     b"xe", b"tc", b"tcn", b"rxe", b"txe", b"ftnsep", b"ftnsepc", b"ftncn", b"aftnsep", b"aftnsepc", b"aftncn", b"sp",
     b"datafield", b"formfield", b"bkmkstart", b"bkmkend", b"atrfstart", b"atrfend", b"atnid", b"atnref", b"atndate",
     b"atntime", b"atnparent", b"atnicn", b"pnseclvl", b"template", b"private", b"private1", b"falt", b"panose",
     b"fontemb", b"comment", b"author", b"operator", b"keywords", b"subject", b"doccomm", b"company", b"manager",
     b"category", b"hlinkbase", b"creatim", b"revtim", b"printim", b"buptim", b"xform", b"mmathPict", b"docvar",
     b"latentstyles", b"themedata", b"colorschememapping", b"datastore", b"generator", b"pn",
     b"nextfile", b"userprops", b"pgptbl", b"levelnumbers", b"listname", b"listpicture", b"background")
)  # fmt: skip
# Groups marked as ones that older programs pass over, which hold text all the same.
READ_ALL_THE_SAME = frozenset(
    (b"shpinst", b"annotation", b"atnauthor", b"do", b"moMath", b"moMathPara", b"ud", b"nesttableprops", b"footnote",
     b"shppict", b"xmlopen", b"fldrslt", b"fldinst", b"info", b"shptxt", b"dptxbxtext")
)  # fmt: skip
HEADERS = frozenset((b"header", b"headerl", b"headerr", b"headerf"))
FOOTERS = frozenset((b"footer", b"footerl", b"footerr", b"footerf"))
BOXES = frozenset((b"shptxt", b"dptxbxtext"))
# All that is followed; most of a file's control words say how it looks, and are passed over.
FOLLOWED = HEADERS | FOOTERS | BOXES | SKIPPED | READ_ALL_THE_SAME | SIGNS.keys() | PAGES.keys() | frozenset(
    (b"u", b"title", b"fonttbl", b"stylesheet", b"upr", b"field", b"par", b"sect", b"page", b"pard", b"plain", b"v",
     b"deleted", b"s", b"outlinelevel", b"listtext", b"pntext", b"chpgn", b"f", b"deff", b"fcharset", b"cpg",
     b"ansicpg", b"uc", b"intbl", b"trowd", b"clvmrg", b"cellx", b"cell", b"row")
)  # fmt: skip
