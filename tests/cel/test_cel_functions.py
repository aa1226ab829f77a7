"""The functions of Kubernetes, against the examples of its documentation and of its own tests."""

from __future__ import annotations

import pytest

from agentslint.cel import ExpressionError, Expressions, Unanswered

pytest.importorskip("cel_expr_python")

TRUE = (
    'quantity("12Mi") == quantity("12288Ki")',
    'isQuantity("20")',
    'isQuantity("20M")',
    'isQuantity("20Mi")',
    '!isQuantity("20Mo")',
    '!isQuantity("10Mm")',
    '!isQuantity("")',
    '!isQuantity("1..2")',
    '!isQuantity("200K")',
    '!isQuantity("three")',
    '!isQuantity("Mi")',
    'isQuantity("1e3") && quantity("1e3") == quantity("1k")',
    'quantity("1E") == quantity("1000P")',
    'quantity(".5") == quantity("500m")',
    'quantity("+5.") == quantity("5")',
    'quantity("200M") == quantity("0.2G") && quantity("0.2G") == quantity("200M")',
    'quantity("2M") == quantity("0.002G") && quantity("2000k") == quantity("2M")',
    'quantity("200M") != quantity("0.3G")',
    'quantity("50M").isLessThan(quantity("50Mi"))',
    'quantity("50M").isLessThan(quantity("100M"))',
    '!quantity("100M").isLessThan(quantity("50M"))',
    'quantity("50Mi").isGreaterThan(quantity("50M"))',
    'quantity("150Mi").isGreaterThan(quantity("100Mi"))',
    '!quantity("50M").isGreaterThan(quantity("100M"))',
    'quantity("200M").compareTo(quantity("0.2G")) == 0',
    'quantity("50M").compareTo(quantity("50Mi")) == -1',
    'quantity("50Mi").compareTo(quantity("50M")) == 1',
    'quantity("50k").add(quantity("20")) == quantity("50.02k")',
    '!quantity("50k").add(20).isLessThan(quantity("50020"))',
    'quantity("50k").sub(quantity("20")) == quantity("49.98k")',
    'quantity("50k").sub(20) == quantity("49980")',
    'quantity("50k").add(20).sub(quantity("100k")).asInteger() == -49980',
    'quantity("50k").add(20).sub(quantity("100k")).sub(-50000).asInteger() == 20',
    'quantity("50k").asInteger() == 50000',
    '!quantity("9999999999999999999999999999999999999G").isInteger()',
    'quantity("50").isInteger()',
    '!quantity("50m").isInteger()',
    'quantity("50.703k").asApproximateFloat() == 50703.0',
    'quantity("-2").sign() == -1 && quantity("0").sign() == 0 && quantity("1m").sign() == 1',
    'quantity("0.1n") == quantity("1n")',
    "isURL('https://user:pass@example.com:80/path?query=val#fragment')",
    "isURL('/absolute-path')",
    "!isURL('https://a:b:c/')",
    "!isURL('../relative-path')",
    "!isURL('')",
    "!isURL('example.com/path')",
    "!isURL('https://exa mple.com/')",
    "!isURL('https://example.com/%zz')",
    "!isURL('https://example.com#fragment')",
    "isURL('mailto:someone@example.com')",
    "url('https://user:pass@example.com:80/path?query=val#fragment').getQuery() == {'query': ['val']}",
    "url('/path#there').getEscapedPath() == '/path'",
    "url('/path').getScheme() == ''",
    "url('https://example.com/').getScheme() == 'https'",
    "url('https://example.com:80/').getHost() == 'example.com:80'",
    "url('https://example.com/').getHost() == 'example.com'",
    "url('https://[::1]:80/').getHost() == '[::1]:80'",
    "url('https://[::1]/').getHost() == '[::1]'",
    "url('/path').getHost() == ''",
    "url('https://example.com:80/').getHostname() == 'example.com'",
    "url('https://127.0.0.1:80/').getHostname() == '127.0.0.1'",
    "url('https://[::1]:80/').getHostname() == '::1'",
    "url('/path').getHostname() == ''",
    "url('https://example.com:80/').getPort() == '80'",
    "url('https://example.com/').getPort() == ''",
    "url('/path').getPort() == ''",
    "url('https://example.com/path').getEscapedPath() == '/path'",
    "url('https://example.com/path with spaces/').getEscapedPath() == '/path%20with%20spaces/'",
    "url('https://example.com').getEscapedPath() == ''",
    "url('https://example.com/path?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
    "url('https://example.com/path?key with spaces=value with spaces').getQuery() == {'key with spaces': ['value with spaces']}",
    "url('https://example.com/path?').getQuery() == {}",
    "url('https://example.com/path').getQuery() == {}",
)
FAILS = {
    'quantity("10Mo").sign() == 1': "no quantity",
    'quantity("9999999999999999999999999999999999999G").asInteger() == 1': "no whole number",
    "url('https://a:b:c/').getHost() == ''": "neither an absolute URL",
    "url('../relative-path').getHost() == ''": "neither an absolute URL",
    "{'a': 'b'}.sign() == 1": "no quantity",
    "quantity('1').getHost() == 'a'": "no URL",
    "{'quantity': 'x'}.sign() == 1": "",
    "{'quantity': '" + "9" * 4_000 + "'}.asApproximateFloat() == 1.0": "",
    "{'quantity': '" + "9" * 5_000 + "'}.sign() == 1": "",
}
ABSENT = {
    "sets.contains([1], [1])": "sets",
    "[1, 2].sum() == 3": "sum",
    "[1, 2].isSorted()": "isSorted",
    "[1].min() == 1": "min",
    "[1, 1].indexOf(1) == 0": "indexOf on a list",
    "[1, 1].lastIndexOf(1) == 1": "lastIndexOf on a list",
    "'abc'.find('b') == 'b'": "find",
    "'abc'.findAll('b') == ['b']": "findAll",
    "ip('10.0.0.1').family() == 4": "ip",
    "isIP('10.0.0.1')": "isIP",
    "cidr('10.0.0.0/8').containsIP('10.0.0.1')": "cidr",
    "isCIDR('10.0.0.0/8')": "isCIDR",
    "format.dns1123Label().validate('a').hasValue()": "format",
    "isSemver('1.2.3')": "isSemver",
    "{'a': 1}.all(k, v, v > 0)": "all with two variables",
    "[1, 2].exists(i, v, i == v)": "exists with two variables",
    "{'a': 1}.transformList(k, v, v).size() == 1": "transformList with two variables",
    "quantity('1').mul(2) == quantity('2')": "mul",
}


@pytest.mark.parametrize("text", TRUE)
def test_examples_of_kubernetes_hold(text: str) -> None:
    asked = Expressions(())
    assert asked.compile(text).ask(asked.scope({})) is True


@pytest.mark.parametrize("text", FAILS)
def test_what_fails_in_kubernetes_is_no_answer(text: str) -> None:
    asked = Expressions(())
    answer = asked.compile(text).ask(asked.scope({}))
    assert isinstance(answer, Unanswered)
    assert FAILS[text] in answer.message


@pytest.mark.parametrize("text", ABSENT)
def test_a_function_of_kubernetes_that_is_missing_is_named(text: str) -> None:
    with pytest.raises(ExpressionError, match=f"^{ABSENT[text]} is a function of Kubernetes that agentslint does not have$"):
        Expressions(()).compile(text)


@pytest.mark.parametrize("text", ["1e99999999999", "1e-99999999999", "1" * 100_000, "1e" + "9" * 5_000, "9" * 900 + "e900"])
def test_a_hostile_amount_costs_nothing(text: str) -> None:
    asked = Expressions(("amount",))
    answer = asked.compile("!isQuantity(amount) || quantity(amount).sign() == 1").ask(asked.scope({"amount": text}))
    assert answer is True
