"""The data files: every word that another one relies on is there."""

import pytest

from canonical_schema.codes import code_list
from mappings.infer.lookups import LISTS, labelled, lookup, understood
from mappings.infer.targets import by_field, targets
from mappings.infer.vocabulary import ideas, initials, pinyin, spelled, table


def test_every_character_of_the_vocabulary_has_its_pinyin():
    words = [word for idea in ideas().values() for word in idea.zh] + [target.title for target in targets()]
    missing = {letter for word in words for letter in word if "\u3400" <= letter <= "\u9fff"} - pinyin().keys()
    assert missing == set()


def test_no_idea_is_told_twice_and_none_is_empty():
    rows = table("synonyms.csv")
    assert len({row["idea"] for row in rows}) == len(rows)
    assert all(row["zh"] and row["en"] for row in rows)


def test_each_way_of_writing_a_word_is_known():
    uscc = ideas()["uscc"]
    assert "统一社会信用代码" in uscc.zh
    assert "tyshxydm" in uscc.initials
    assert "tongyishehuixinyongdaima" in uscc.pinyin
    assert ("credit", "code") in uscc.en
    assert (initials("重量"), spelled("数量")) == ("zl", "shuliang")


def test_every_word_of_a_lookup_is_one_of_its_list():
    for row in table("words.csv"):
        if row["list"] not in {"boolean", "plate_colours"}:
            assert code_list(row["list"]).known(row["word"]), row
    assert set(LISTS.values()) <= {row["list"] for row in table("words.csv")} | {"hazards"}


def test_every_looked_up_field_is_one_that_is_looked_for():
    assert set(LISTS) <= set(by_field())


@pytest.mark.parametrize(
    ("field", "lists", "many"),
    [
        ("consignor/uscc", (), False),
        ("wastes/packages/count", ("wastes", "wastes/packages"), False),
        ("wastes/hazards", ("wastes",), True),
        ("legs/via/name", ("legs",), True),
        ("local_numbers/number", (), False),
    ],
)
def test_a_field_knows_the_lists_that_it_stands_in(field, lists, many):
    assert (by_field()[field].lists, by_field()[field].many) == (lists, many)


@pytest.mark.parametrize(
    ("name", "said", "word"),
    [
        ("transfer_types", "跨省", "cross_province"),
        ("manifest_statuses", " 已办结 ", "completed"),
        ("opinions", "拒收", "refused"),
        ("boolean", "否", "false"),
        ("plate_colours", "93", "黄绿"),
        ("opinions", "1", None),
    ],
)
def test_a_word_is_understood_or_nobody_can_know(name, said, word):
    assert understood(name, said) == word


def test_codes_are_understood_by_what_a_schema_says_of_them():
    meanings = labelled("处理意见（1：接受，2：部分接受，9-保留）")
    assert meanings == {"1": "接受", "2": "部分接受", "9": "保留"}
    assert lookup("opinions", ["1", "2", "9"], meanings) == ({"1": "accepted", "2": "partly_accepted"}, ["9"])
