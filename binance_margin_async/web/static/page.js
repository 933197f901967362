// Shows what the monitor sends. Nothing is ever sent back, and no text of the exchange becomes markup.

import { clockText, drawChart } from "/chart.js";

const STALE_AFTER = 3000; // ms without a new picture; the monitor paints one twice a second
const MOST_POINTS = 1440;
const STATES = {
  NO_DEBT: ["good", "no debt"], OK: ["good", "OK"], NOTICE: ["good", "no transfer out"], NO_BORROW: ["warn", "no borrowing"],
  WARN: ["warn", "warning"], MARGIN_CALL: ["bad", "MARGIN CALL"], CRITICAL: ["worst", "CRITICAL"],
  LIQUIDATION: ["worst", "LIQUIDATION"], UNKNOWN: ["bad", "UNKNOWN"],
};
const URGENCIES = { info: "", warning: "warn", urgent: "bad", critical: "worst" };
const HEALTH = { healthy: "good", degraded: "warn", unhealthy: "bad" };
const past = new Map(); // account -> [[ms, level], …]
const cards = new Map(); // account -> its card
let heard = null; // when the last picture came, on this page's own clock
let number = null;
let source = null;

const byId = (id) => document.getElementById(id);

function make(name, classes, ...children) {
  const element = document.createElement(name);
  if (classes) element.className = classes;
  element.append(...children);
  return element;
}

const badge = (kind, text) => make("span", `badge ${kind}`, text);
const percent = (ratio) => `${(ratio * 100).toFixed(1)} %`;
const amount = (text) => (text === null ? "–" : String(text).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""));

function seconds(value) {
  if (value < 90) return `${value.toFixed(0)} s`;
  return value < 5400 ? `${(value / 60).toFixed(0)} min` : `${(value / 3600).toFixed(0)} h`;
}

function fill(id, rows, empty) {
  byId(id).replaceChildren(...(rows.length ? rows : empty ? [make("li", "empty", empty)] : []));
}

// -- accounts ----------------------------------------------------------------------------------------------------------

function cardOf(name) {
  if (cards.has(name)) return cards.get(name);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "chart");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `Margin level of ${name} over time`);
  const parts = { card: make("article", "card account"), badge: badge("", ""), level: make("span", "level"), old: make("p", "old"), svg, facts: make("dl") };
  parts.card.append(make("div", "top", make("span", "name", name), parts.badge), parts.level, parts.old, svg, parts.facts);
  cards.set(name, parts);
  return parts;
}

function showAccount(account) {
  const parts = cardOf(account.account);
  const [kind, word] = STATES[account.state] ?? ["bad", account.state];
  parts.card.className = `card account ${kind}${account.stale ? " old" : ""}`;
  parts.badge.className = `badge ${kind}`;
  parts.badge.textContent = word;
  parts.level.textContent = account.level === null ? (account.source === null ? "…" : "no debt") : Number(account.level).toFixed(4);
  parts.old.textContent = account.stale;
  parts.old.hidden = !account.stale;
  parts.facts.replaceChildren(...factsOf(account).flatMap(([term, value]) => [make("dt", "", term), make("dd", "", value)]));
  return parts.card;
}

function factsOf(account) {
  const facts = [];
  const far = (fall) => (fall === null ? "" : fall >= 0 ? `, ${percent(fall)} away` : `, passed by ${percent(-fall)}`);
  if (account.call_bar !== null) facts.push(["call", amount(account.call_bar) + far(account.fall_to_call)]);
  if (account.liquidation_bar !== null) facts.push(["liquidation", amount(account.liquidation_bar) + far(account.fall_to_liquidation)]);
  for (const [asset, price] of Object.entries(account.prices_at_liquidation)) {
    facts.push([`liquidated with ${asset} at`, Number(price).toLocaleString("en", { maximumFractionDigits: 6 })]);
  }
  if (account.bars_source === "fallback") facts.push(["bars", "published ones: the account's own could not be read"]);
  if (account.source !== null) facts.push(["measured by", account.source.replace("_", " ")]);
  if (account.age !== null) facts.push(["confirmed", `${seconds(account.age)} ago`]);
  return facts;
}

function drawAccount(account) {
  const bar = (text) => (text === null ? null : Number(text));
  const bars = { borrow: bar(account.borrow_bar), call: bar(account.call_bar), liquidation: bar(account.liquidation_bar) };
  drawChart(cardOf(account.account).svg, past.get(account.account) ?? [], bars);
}

// -- the past ----------------------------------------------------------------------------------------------------------

// What the server remembers counts; what it has forgotten, as after a restart, stays in front of it.
function onPast(told) {
  for (const [account, points] of Object.entries(told)) {
    const fresh = points.map(([ms, level]) => [ms, level === null ? null : Number(level)]);
    const first = fresh.length ? fresh[0][0] : Infinity;
    const kept = (past.get(account) ?? []).filter(([ms]) => ms < first);
    past.set(account, thinned([...kept, ...fresh]));
  }
}

function remember(account, ms) {
  if (account.source === null) return;
  const points = past.get(account.account) ?? [];
  if (points.length && points[points.length - 1][0] >= ms) return;
  points.push([ms, account.level === null ? null : Number(account.level)]);
  past.set(account.account, thinned(points));
}

// Of two points the lower one stays, so that no dip is lost.
function thinned(points) {
  if (points.length <= MOST_POINTS) return points;
  const kept = [];
  for (let at = 0; at < points.length; at += 2) {
    const [one, other] = [points[at], points[at + 1] ?? points[at]];
    kept.push(other[1] === null || (one[1] !== null && one[1] < other[1]) ? one : other);
  }
  return kept;
}

// -- the rest ----------------------------------------------------------------------------------------------------------

function showAlerts(alerts) {
  byId("alerts-count").textContent = alerts.length || "";
  const rows = [...alerts].reverse().map((alert) => make("li", "",
    badge(URGENCIES[alert.urgency] ?? "bad", alert.acknowledged ? "acknowledged" : alert.urgency),
    make("span", "text", alert.text),
    make("span", "time", `no. ${alert.number}, ${clockText(alert.raised_ms)}`)));
  fill("alerts", rows, "No alert.");
}

function showOrders(orders) {
  byId("orders-count").textContent = orders.shown.length + orders.more || "";
  byId("orders-stale").textContent = orders.stale;
  byId("orders-stale").hidden = !orders.stale;
  const rows = [...orders.shown].reverse().map((order) => make("li", "",
    make("span", order.side === "BUY" ? "buy" : "sell", order.side || "?"),
    make("span", "text", `${order.symbol} ${order.type.toLowerCase().replaceAll("_", " ")}, ${amount(order.quantity)} at ${amount(order.price)}`),
    make("span", "time", `${amount(order.filled)} filled`),
    make("span", "time", order.account)));
  if (orders.more) rows.push(make("li", "empty", `and ${orders.more} older ones`));
  fill("orders", rows, orders.stale ? "" : "No open order.");
}

function showStreams(client) {
  const rows = client.streams.map((stream) => make("li", "",
    badge(stream.health === "live" ? "good" : "bad", stream.health),
    make("span", "text", `${stream.stream}${stream.account ? ` of ${stream.account}` : ""}${stream.health === "live" ? "" : `: ${stream.reason}`}`),
    make("span", "time", `for ${seconds(stream.seconds)}`)));
  fill("streams", rows, "No stream is open.");
  fill("problems", client.problems.map((problem) => make("li", "",
    badge(HEALTH[problem.state] ?? "bad", problem.state), make("span", "text", `${problem.part}: ${problem.text}`))));
}

function showLimits(client) {
  const facts = [
    ["calls in line", String(client.calls_waiting)],
    ["refused by the exchange", String(client.refused)],
    ["clock known to", `${(client.clock_error * 1000).toFixed(1)} ms, ${seconds(client.clock_age)} ago`],
    ["event loop late by", `${(client.loop_lag * 1000).toFixed(0)} ms, at worst ${(client.loop_worst_lag * 1000).toFixed(0)} ms`],
    ["events dropped", `${client.events_dropped} of ${client.events}`],
  ];
  const orders = client.calls.find((call) => call.route === "POST /sapi/v1/margin/order");
  if (orders) facts.push(["an order takes", `${(orders.p50 * 1000).toFixed(1)} ms, 99 % at most ${(orders.p99 * 1000).toFixed(1)} ms`]);
  if (client.frozen_for > 0) facts.unshift(["no calls for", seconds(client.frozen_for)]);
  byId("facts").replaceChildren(...facts.flatMap(([term, value]) => [make("dt", "", term), make("dd", "", value)]));
  fill("limits", client.limits.slice(0, 8).map((limit) => {
    const level = make("i");
    level.style.width = `${Math.min(100, limit.used * 100)}%`;
    const kind = limit.frozen_for > 0 || limit.used > 0.9 ? "bad" : limit.used > 0.6 ? "warn" : "";
    return make("li", "", make("span", "text", `${limit.scope} ${limit.endpoint}`), make("span", `gauge ${kind}`, level), make("span", "time", percent(limit.used)));
  }));
}

function showNews(news) {
  fill("news", news.map((line) => make("li", "",
    make("span", "time", clockText(line.time_ms)),
    badge(URGENCIES[line.urgency] ?? "bad", line.kind),
    make("span", "text", line.account && !line.text.startsWith(line.account) ? `${line.account} ${line.text}` : line.text))), "Nothing yet.");
}

function onPicture(picture) {
  if (picture.number !== number) heard = performance.now();
  number = picture.number;
  byId("heading").textContent = picture.heading;
  byId("clock").textContent = `${clockText(picture.time_ms)} UTC`;
  byId("health").textContent = picture.client.state;
  byId("health").className = `badge ${HEALTH[picture.client.state] ?? "bad"}`;
  for (const account of picture.accounts) remember(account, picture.time_ms);
  const shown = picture.accounts.map(showAccount);
  const place = byId("accounts");
  if (shown.length !== place.children.length || shown.some((card, at) => card !== place.children[at])) place.replaceChildren(...shown);
  picture.accounts.forEach(drawAccount);
  showAlerts(picture.alerts);
  showOrders(picture.orders);
  showStreams(picture.client);
  showLimits(picture.client);
  showNews(picture.news);
  lookWhetherStale();
}

// This page's own clock decides, so that it also sees that nobody is there any more.
function lookWhetherStale() {
  const silent = heard === null ? null : performance.now() - heard;
  const stale = silent === null || silent > STALE_AFTER;
  document.body.classList.toggle("stale", stale);
  if (!stale) { document.title = "Margin monitor"; return; }
  document.title = "(stale) Margin monitor";
  byId("banner").textContent = silent === null
    ? "Waiting for the monitor …"
    : `No word from the monitor for ${seconds(silent / 1000)}: what is shown is old.`;
}

function listen() {
  source?.close();
  source = new EventSource("/events");
  source.addEventListener("past", (event) => { number = null; onPast(JSON.parse(event.data)); });
  source.addEventListener("now", (event) => onPicture(JSON.parse(event.data)));
  // A refusal ends it for good, and only then it has to be made anew; a loss the browser mends by itself.
  source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000); });
}

setInterval(lookWhetherStale, 500);
listen();
