"""
The canary: a pytest plugin that looks for secrets in everything a test lets out. ``--no-canary`` leaves it at home.

It notes each secret where it comes into being. Whatever is then logged, at DEBUG and by any logger,
warned of, printed, published, told by an error, or shown by an object or a task at work is searched for them
(``outlets``). A test that let one out fails, and is told where.

A test that has to show a secret says why: ``@pytest.mark.shows_secrets("sim serve prints the keys of its exchange")``.
"""
