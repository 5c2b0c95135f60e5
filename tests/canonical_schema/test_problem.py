from canonical_schema.problem import Problem, ProblemsFound, nearest


def test_a_problem_reads_as_one_line_with_what_was_likely_meant():
    problem = Problem("js.yaml", 3, 5, "extra_forbidden", "unknown key 'titel'", "title")
    assert str(problem) == "js.yaml:3:5: unknown key 'titel'; did you mean 'title'?"
    assert str(Problem("js.yaml", 3, 5, "tag", "a tag")) == "js.yaml:3:5: a tag"


def test_problems_come_in_the_files_order_and_each_once():
    late, early = Problem("a", 9, 1, "k", "late"), Problem("a", 2, 1, "k", "early")
    found = ProblemsFound([late, early, late])
    assert found.problems == (early, late)
    assert str(found) == "a:2:1: early\na:9:1: late"


def test_nearest_gives_the_known_spelling_or_nothing():
    assert nearest("Base_URL", ["base_url", "driver"]) == "base_url"
    assert nearest("zysl", ["driver", "title"]) == ""
