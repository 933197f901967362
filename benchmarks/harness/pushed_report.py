"""The execution report of a fill, as the trade stream pushes it; every one is another one."""

REPORT = (
    b'{"subscriptionId":1,"event":{"e":"executionReport","E":1795312345678,"s":"BTCUSDT","c":"bench-1234567890",'
    b'"S":"BUY","o":"LIMIT","f":"GTC","q":"0.01000000","p":"61000.00000000","P":"0.00000000","F":"0.00000000","g":-1,'
    b'"C":"","x":"TRADE","X":"FILLED","r":"NONE","i":1234567890,"l":"0.01000000","z":"0.01000000",'
    b'"L":"61000.00000000","n":"0.00001000","N":"BTC","T":1795312345677,"t":1234567890,"I":1234567890,"w":false,'
    b'"m":false,"M":true,"O":1795312345600,"Z":"610.00000000","Y":"610.00000000","Q":"0.00000000","W":1795312345600,'
    b'"V":"NONE"}}'
)


def pushed_report(number: int) -> bytes:
    """Return the frame of one filled order; *number* has ten digits and is its id, its trade's and its execution's."""
    return REPORT.replace(b"1234567890", b"%d" % number)
