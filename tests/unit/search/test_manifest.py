"""What a browser gets of the table of variants."""

import json

from gen.search import analysis, manifest, vlq


def test_parts_of_the_table_are_together_all_rare_variants_each_where_its_code_point_says() -> None:
    (name, firsts), files = manifest._table()
    found = {}
    for number, first in enumerate(firsts):
        text = files[f"{name}-{number}.js"].decode()
        gaps, others = json.loads(text.removeprefix(f'genSearch("{name}-{number}",').removesuffix(")\n"))
        code = 0
        for step, other in zip(vlq.decode(gaps), others, strict=True):
            code += step
            assert first <= code < (*firsts, 1 << 21)[number + 1]
            found[chr(code)] = other
    assert len(files) == len(firsts) == manifest.TABLE_PARTS
    assert firsts[0] == 0
    assert found == {pair[0]: pair[1:] for pair in analysis.variant_pairs(common=False)}
