"""Makes the till's fonts from the published ones; see README.md beside it."""
import json, sys
from fontTools.ttLib import TTFont
from fontTools import subset

inter_dir, lucide_dir, dejavu_dir, out_dir = sys.argv[1:5]

WEIGHTS = [("Regular", 400), ("Medium", 500), ("SemiBold", 600), ("Bold", 700)]
RANGES = [(0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2BC, 0x2BC), (0x2C6, 0x2DD), (0x300, 0x30C), (0x326, 0x328),
          (0x370, 0x3FF), (0x400, 0x45F), (0x490, 0x491), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x202F, 0x203A),
          (0x2044, 0x2044), (0x2070, 0x208E), (0x20A0, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122),
          (0x2190, 0x2199), (0x21A9, 0x21AA), (0x2200, 0x22FF), (0x2318, 0x2318), (0x23CE, 0x23CE), (0x25A0, 0x25CF),
          (0x2713, 0x2717), (0xFFFD, 0xFFFD)]
FAMILY = "Till Sans"

for name, weight in WEIGHTS:
    font = TTFont(f"{inter_dir}/web/Inter-{name}.woff2")
    font.flavor = None
    # Freeze `tnum`: the digits' code points lead to the tabular glyphs. Punctuation stays proportional.
    order = set(font.getGlyphOrder())
    table = {}
    for record in font["GSUB"].table.FeatureList.FeatureRecord:
        if record.FeatureTag == "tnum":
            for index in record.Feature.LookupListIndex:
                for sub in font["GSUB"].table.LookupList.Lookup[index].SubTable:
                    sub = getattr(sub, "ExtSubTable", sub)
                    table.update(sub.mapping)
    widths = set()
    for cmap in font["cmap"].tables:
        for code in list(range(0x30, 0x3A)):
            if code in cmap.cmap and cmap.cmap[code] in table:
                cmap.cmap[code] = table[cmap.cmap[code]]
                widths.add(font["hmtx"][cmap.cmap[code]][0])
    assert len(widths) == 1, widths
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.name_IDs = ["*"]
    options.hinting = False
    options.drop_tables += ["DSIG", "meta", "STAT"]
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for a, b in RANGES for c in range(a, b + 1)])
    subsetter.subset(font)
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in (0, 5, 9, 11, 13, 14)]
    for ident, value in [(1, FAMILY if name in ("Regular", "Bold") else f"{FAMILY} {name}"),
                         (2, name if name in ("Regular", "Bold") else "Regular"),
                         (3, f"{FAMILY} {name} from Inter 4.1"), (4, f"{FAMILY} {name}"),
                         (6, f"TillSans-{name}"), (16, FAMILY), (17, name)]:
        names.setName(value, ident, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font.save(f"{out_dir}/fonts/TillSans-{name}.ttf")

# What the font of paper lacks is printed as `?`: no Hebrew, Arabic, Indic or East Asian script (those need more than a glyph
# a character, or megabytes).
PAPER = [(0x20, 0x7E), (0xA0, 0x2AF), (0x2BB, 0x2BC), (0x2C6, 0x2DD), (0x370, 0x52F), (0x531, 0x58F), (0x10A0, 0x10FF),
         (0x1E00, 0x1FFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209F), (0x20A0, 0x20CF), (0x2100, 0x218F),
         (0x2190, 0x2199), (0x2200, 0x22FF), (0x2500, 0x266F), (0x2701, 0x2727), (0x2776, 0x2793), (0xFFFD, 0xFFFD)]
for name, source in [("Regular", "DejaVuSansMono.ttf"), ("Bold", "DejaVuSansMono-Bold.ttf")]:
    font = TTFont(f"{dejavu_dir}/{source}")
    options = subset.Options()
    options.layout_features = ["ccmp", "mark", "locl"]
    options.name_IDs = ["*"]
    options.hinting = False
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for a, b in PAPER for c in range(a, b + 1)])
    subsetter.subset(font)
    names = font["name"]
    names.names = [n for n in names.names if n.nameID in (0, 5, 13, 14)]
    for ident, value in [(1, "Till Paper"), (2, name), (3, f"Till Paper {name} from DejaVu Sans Mono"),
                         (4, f"Till Paper {name}"), (6, f"TillPaper-{name}"), (16, "Till Paper"), (17, name)]:
        names.setName(value, ident, 3, 1, 0x409)
    font.save(f"{out_dir}/fonts/TillPaper-{name}.ttf")

icons = [line.strip() for line in open(f"{out_dir}/icons/icons.txt") if line.strip() and not line.startswith("#")]
points = json.load(open(f"{lucide_dir}/font/codepoints.json"))
font = TTFont(f"{lucide_dir}/font/lucide.ttf")
missing = [i for i in icons if i not in points]
assert not missing, missing
options = subset.Options()
options.layout_features = []
options.name_IDs = ["*"]
options.hinting = False
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=[points[i] for i in icons])
subsetter.subset(font)
names = font["name"]
names.names = [n for n in names.names if n.nameID in (0, 5, 13, 14)]
for ident, value in [(1, "Till Icons"), (2, "Regular"), (3, "Till Icons from Lucide"), (4, "Till Icons"), (6, "TillIcons"), (16, "Till Icons"), (17, "Regular")]:
    names.setName(value, ident, 3, 1, 0x409)
font.save(f"{out_dir}/icons/TillIcons.ttf")
for icon in icons:
    print(f"{icon} \\u{{{points[icon]:04x}}}")
