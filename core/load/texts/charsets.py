"""Names of character sets as browsers and mail programs take them, which is not always as Python does.

After the labels of https://encoding.spec.whatwg.org: pages that say "iso-8859-1" hold Windows' letters, and those that
say "gb2312" or "ks_c_5601-1987" the larger sets that grew out of them.
"""

import codecs
import re

_MEANT = {
    "cp1252": "iso8859_1 latin_1 ascii l1 cp819 x_cp1252 ansi x_user_defined ansi_x3.4_1968 iso_8859_1_1987",
    "cp1254": "iso8859_9 latin5 l5 iso_8859_9_1989 x_cp1254",
    "cp874": "iso8859_11 tis_620 tis620 dos_874 windows_874",
    "gb18030": "gb2312 gbk chinese x_gbk csgb2312 gb_2312_80 iso_ir_58 cp936 ms936 euc_cn x_euc_cn",
    "cp932": "shift_jis sjis x_sjis ms_kanji windows_31j shift_jis_2004 csshiftjis x_ms_cp932 ms932",
    "cp949": "euc_kr ks_c_5601_1987 ks_c_5601 ksc5601 ksc_5601 korean windows_949 ks_c_5601_1989 x_windows_949",
    "cp950": "big5 big5_tw x_x_big5 cn_big5 csbig5",
    "euc_jp": "x_euc_jp x_euc",
    "iso8859_8": "iso_8859_8_i iso_8859_8_e logical csiso88598i",
    "mac_roman": "macintosh x_mac_roman mac csmacintosh",
    "mac_cyrillic": "x_mac_cyrillic x_mac_ukrainian",
    "utf_8": "unicode_1_1_utf_8 x_unicode20utf8 unicode20utf8 utf8mb4",
    "utf_7": "unicode_1_1_utf_7 csunicode11utf7 x_unicode_2_0_utf_7",
    "iso2022_jp_ext": "iso2022_jp csiso2022jp cp50220 cp50221 iso_2022_jp_ms",
    "cp1250": "x_cp1250", "cp1251": "x_cp1251", "cp1253": "x_cp1253", "cp1255": "x_cp1255", "cp1256": "x_cp1256",
}  # fmt: skip
_CODECS = {label: codec for codec, labels in _MEANT.items() for label in labels.split()}
# Codecs of Python that no page or mail is written in: some refuse everything, some take for ever.
_NO_CHARSETS = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape")


def codec_of(label: str) -> str:
    """Return the name of Python's codec for a character set as a page or mail names it, "" for one unknown."""
    name = re.sub(r"[\s-]+", "_", label.strip(" \t\r\n\"'").lower())
    try:
        found = codecs.lookup(_CODECS.get(name, name)).name.replace("-", "_")
        bytes(4).decode(found)
    except LookupError:
        return ""  # one that nobody knows, or a codec that is none of texts ("hex")
    except ValueError:
        pass
    return "" if found in _NO_CHARSETS else _CODECS.get(found, found)


def is_switched(codec: str) -> bool:
    """Tell the sets that write every letter in seven bits, so that their text reads as ASCII, too."""
    return codec.startswith(("iso2022", "hz", "utf_7"))
