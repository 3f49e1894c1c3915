"""One loop over all rules: each applies to its example, is true there, keeps the domain, and replays."""

from fractions import Fraction

import pytest

from symderiv.decide import decide
from symderiv.read import let, read_plain
from symderiv.rules import ALGEBRA, CALCULUS, RULES
from symderiv.rules.definitions import definition_rule, on_region, total_rule
from symderiv.rules.named import chain_rule, known_derivative, opened_under_derivative
from symderiv.rules.step import Rule, Step, applications, at_all_places, reordered
from symderiv.terms import Add, Context, Definition, Fn, Lambda, Mul, Neg, Num, Relation, Sym, Term

x, y = Sym("x"), Sym("y")
F = Definition("f", ("x",), read_plain("x^2 + 1"))
CONTEXT = Context().define("f", ("x",), F.body)


def example(rule: Rule) -> Term:
    return read_plain(rule.example, functions=("f", "g")).bare


def test_names_are_unique() -> None:
    assert len(RULES) == len(ALGEBRA) + len(CALCULUS)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_applies_to_its_example_and_is_true_there(rule: Rule) -> None:
    term = example(rule)
    step = next(applications(rule, term), None)
    assert step is not None, "the example is to be one to which the rule applies"
    assert step.after != term
    context = Context().assume(*step.conditions)
    assert decide(step.before, step.after, context).kind == "proved"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_step_replays_and_a_tampered_one_does_not(rule: Rule) -> None:
    step = next(applications(rule, example(rule)))
    assert step.replays()
    assert step.reversed().replays()
    assert step.reversed().reversed() == step
    tampered = Step(step.before, Add(step.after, Num(1)), rule, places=step.places)
    assert not tampered.replays()
    elsewhere = Step(step.before, step.after, rule, places=((9,),))
    assert not elsewhere.replays()


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_does_not_apply_to_everything(rule: Rule) -> None:
    for term in (x, Num(3), Neg(x), Fn("unknown", x)):
        assert rule.apply(term) is None


@pytest.mark.parametrize("rule", ALGEBRA, ids=[r.name for r in ALGEBRA])
def test_no_rule_widens_the_domain_without_a_condition(rule: Rule) -> None:
    """A rule that removes a division, a root or a logarithm says what must hold for it."""
    step = next(applications(rule, example(rule)))
    verdict = decide(step.before, step.after, Context())
    assert verdict.kind == "proved" or step.conditions, "undecided without a condition that says why"
    missing = [c for c in verdict.conditions if c not in step.conditions]
    if verdict.kind == "proved":
        with_conditions = decide(step.before, step.after, Context().assume(*step.conditions))
        assert not [c for c in missing if c in with_conditions.conditions and step.conditions == ()]


@pytest.mark.parametrize("rule", CALCULUS, ids=[r.name for r in CALCULUS])
def test_the_rules_of_calculus_exclude_one_another(rule: Rule) -> None:
    applying = [r.name for r in CALCULUS if r.apply(example(rule)) is not None]
    assert applying == [rule.name]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x/x", "cancel"),
        ("sqrt(x)^2", "root_square"),
        ("exp(log(x))", "exp_log"),
        ("a/b + c/d", "common_denominator"),
        ("x^(-2)", "negative_power"),
        ("log(x*y)", "log_product"),
    ],
)
def test_conditions_are_recorded(text: str, rule: str) -> None:
    step = RULES[rule].apply(read_plain(text).bare)
    assert step is not None
    assert step.conditions


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("(x + y)/(x + z)", "cancel"),
        ("sqrt(x)*sqrt(y) + 1", "exp_product"),
        ("x^2 + y^2", "difference_of_squares"),
        ("sin(x)^2 + cos(y)^2", "pythagoras"),
        ("sin(x)^2 - cos(x)^2", "pythagoras"),
        ("x*y", "equal_factors"),
        ("x + y", "like_terms"),
        ("1/(1 + exp(x))", "extend_by_exp"),
        ("0/0", "arithmetic"),
        ("0^0", "arithmetic"),
        ("1/0", "arithmetic"),
        ("(x + 1)^50", "binomial"),
    ],
)
def test_what_looks_like_it_but_is_not_is_left_alone(text: str, rule: str) -> None:
    assert RULES[rule].apply(read_plain(text).bare) is None


def test_order_does_not_hide_a_common_factor() -> None:
    step = RULES["cancel"].apply(read_plain("(1 + x)*y/((x + 1)*z)").bare)
    assert step is not None
    assert step.after == read_plain("y/z").bare


def test_decimals_stay_decimals() -> None:
    step = at_all_places(RULES["arithmetic"], read_plain("0.5*0.25*x").bare)
    assert step is not None
    assert step.after == read_plain("0.125*x").bare


def test_the_rules_of_a_context() -> None:
    opened = definition_rule(F)
    fx = Fn("f", y)
    step = opened.apply(fx)
    assert step is not None
    assert step.after == read_plain("y^2 + 1").bare
    assert step.reversed().words == "recognise {}"
    d = read_plain("d/dx(f(x^2))", functions=("f",)).bare
    for rule in (known_derivative(Definition("f", ("x",), Mul(Num(2), x))), opened_under_derivative(F), chain_rule(())):
        used = rule.apply(d)
        assert used is not None
        assert decide(used.before, used.after, CONTEXT).kind == "proved"
    assert chain_rule(["f"]).apply(d) is None, "a function that is defined is not differentiated as an unknown one"


def test_a_case_is_taken_only_where_the_assumptions_decide_it() -> None:
    modulus = Fn("abs", x)
    for op, expected in ((">", x), ("≥", x), ("<", Neg(x)), ("≠", None)):
        step = on_region(Context().assume(Relation(op, x, Num(0)))).apply(modulus)
        assert (None if step is None else step.after) == expected


def test_entries_add_up_to_1_only_over_their_whole_range() -> None:
    context = let("K positive integer, z in R^K, i in 1..K")
    over_all, over_some = (
        Lambda(read_plain(f"exp(z[i])/sum(exp(z[m]), m, {low}, K)", context).bare, Sym("i"), Num(1), Sym("K")) for low in (1, 2)
    )
    assert total_rule(Definition("f", ("z",), over_some)) is None
    rule = total_rule(Definition("f", ("z",), over_all))
    assert rule is not None
    context = context.define("f", ("z",), over_all)
    step = rule.apply(read_plain("sum(f(z)[m], m, 1, K)", context).bare)
    assert step is not None
    assert decide(step.before, step.after, context).kind == "proved"
    for other in ("sum(f(z)[m], m, 2, K)", "sum(f(z)[i], m, 1, K)", "sum(f(z)[m]^2, m, 1, K)"):
        assert rule.apply(read_plain(other, context).bare) is None


def test_a_change_of_order_is_a_step_that_is_checked() -> None:
    assert reordered(Add(x, y), Add(y, x)).replays()
    assert not reordered(Add(x, y), Add(y, y)).replays()


def test_the_coefficient_in_front() -> None:
    from symderiv.rules.parts import coefficient

    assert coefficient(read_plain("-2*x/3").bare) == (Fraction(-2, 3), x)
