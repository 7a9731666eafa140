import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.stories.reports import edited, report, with_new_lead
from transforms.stories.fingerprint import BANDS, bands_of, bands_of_all
from transforms.stories.shingles import shingles

TEXT = report(1)
CHINESE = (
    "北京国家博物馆周五举行航天展览，展出新的月球车。观众可以近距离观看探测器模型，展览持续到月底。"
)


def test_the_same_text_has_the_same_bands_in_every_process() -> None:
    program = (
        "from tests.transforms.stories.reports import report\n"
        "from transforms.stories.fingerprint import bands_of\n"
        "print(' '.join(bands_of('', report(1))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == bands_of("", TEXT)
    assert len(set(bands_of("", TEXT))) == BANDS


def test_the_bands_are_those_of_earlier_versions() -> None:
    # Stored documents are compared by them: another value here means stories that never join.
    assert bands_of("", TEXT)[:2] == ["00b0018adeb0cbb474", "014439d08b02021ea0"]


@pytest.mark.parametrize(
    "copy",
    [TEXT, TEXT.upper(), edited(TEXT, 0.05), edited(TEXT, 0.1), with_new_lead(TEXT)],
    ids=["equal", "capitals", "5 % changed", "10 % changed", "new lead"],
)
def test_copies_share_a_band(copy: str) -> None:
    assert set(bands_of("", copy)).intersection(bands_of("", TEXT))


def test_reports_of_one_kind_hardly_ever_share_one() -> None:
    bands = [set(bands_of("", report(seed))) for seed in range(2, 60)]
    pairs = [bool(one & other) for n, one in enumerate(bands) for other in bands[:n]]
    assert sum(pairs) < 0.02 * len(pairs)


def test_scripts_without_spaces_are_compared_too() -> None:
    assert len(shingles(CHINESE)) > 12
    copy = CHINESE.replace("周五", "星期五")
    assert set(bands_of("", CHINESE)).intersection(bands_of("", copy))


def test_short_texts_share_a_band_only_when_equal() -> None:
    (band,) = bands_of("Rain", "Rain fell.")
    assert bands_of("RAIN", "Rain  fell.") == [band]
    assert bands_of("Rain", "Rain falls.") != [band]
    assert bands_of("", "") == []


@given(
    st.lists(st.sampled_from(["", "Rain.", TEXT, TEXT * 9, CHINESE, "a \0 b " * 20]), max_size=9)
)
def test_documents_together_have_the_bands_that_each_has_alone(texts: list[str]) -> None:
    documents = [("Rain", text) for text in texts]
    assert bands_of_all(documents) == [bands_of(*document) for document in documents]


@given(st.text(max_size=400))
def test_any_text_has_sorted_shingles_and_bands(text: str) -> None:
    found = shingles(text)
    assert np.array_equal(found, np.unique(found))
    assert len(bands_of("", text)) in (0, 1, BANDS)


def test_the_name_of_a_column_has_no_band() -> None:
    assert bands_of("Weather forecast", "") == bands_of("", "") == []
    assert len(bands_of("Bus and lorry collide near Aldwick", "")) == 1
    assert len(bands_of("Rain", "Rain fell.")) == 1
