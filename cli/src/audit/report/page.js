"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = (value) => Number(value).toLocaleString("en-US");
  const date = (seconds) => new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 16);
  const place = (id) => document.getElementById(id);
  const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined && text !== null) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const empty = (id, text) => place(id).append(element("p", text, "empty"));

  /* Columns are [title, cell, class]; a cell is text or an element. */
  const table = (id, columns, rows, nothing) => {
    if (rows.length === 0) return empty(id, nothing);
    const made = element("table");
    const head = made.createTHead().insertRow();
    for (const [title, , className] of columns) head.append(element("th", title, className));
    const body = made.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      for (const [, cell, className] of columns) {
        const value = cell(row);
        const made = element("td", value instanceof Node ? undefined : value, className);
        if (value instanceof Node) made.append(value);
        line.append(made);
      }
    }
    const scroll = element("div", undefined, "scroll");
    scroll.append(made);
    place(id).append(scroll);
  };
  const bar = (from, to, className) => {
    const track = element("div", undefined, "bar");
    const piece = element("i", undefined, className);
    piece.style.left = `${100 * from}%`;
    piece.style.width = `${Math.max(100 * (to - from), 0.8)}%`;
    track.append(piece);
    return track;
  };
  const begin = data.first_use ?? 0;
  const length = Math.max((data.last_use ?? 0) - begin, 1);
  const life = (group, className) => bar((group.first_use - begin) / length, (group.last_use - begin) / length, className);

  place("span").textContent = data.rows === 0 ? "No tokens." :
    `${number(data.rows)} rows, used from ${date(data.first_use)} to ${date(data.last_use)} UTC`;

  const found = data.findings;
  for (const [value, label, className] of [
    [data.accepted, "valid when used", "good"],
    [data.refused, "not valid", ""],
    [found.accepted_invalid, "answered 2xx, not valid", found.accepted_invalid ? "bad" : ""],
    [found.alg_confusion, "alg none or confused", found.alg_confusion ? "bad" : ""],
    [data.unknown_kid_names, "unknown kids", data.unknown_kid_names ? "bad" : ""],
    [found.key_retired, "with a retired key", found.key_retired ? "bad" : ""],
    [found.shared_token, "tokens from many addresses", found.shared_token ? "bad" : ""],
    [found.truncated, "look truncated", ""],
    [data.unreadable.lines, "unreadable lines", ""],
  ]) {
    const figure = element("div", undefined, `figure ${className}`);
    figure.append(element("b", number(value)), element("span", label));
    place("figures").append(figure);
  }

  const codes = Object.entries(data.codes).sort((a, b) => b[1] - a[1]);
  const most = codes.length ? codes[0][1] : 1;
  table("codes", [
    ["verdict", ([name]) => name, "mono"],
    ["rows", ([, count]) => number(count), "number"],
    ["share", ([, count]) => `${(100 * count / Math.max(data.rows, 1)).toFixed(1)} %`, "number"],
    ["", ([name, count]) => bar(0, count / most, name === "accepted" ? "good" : ""), ""],
  ], codes, "No tokens.");
  const wrong = Object.entries(data.accepted_invalid).sort((a, b) => b[1] - a[1]);
  table("accepted-invalid", [
    ["verdict", ([name]) => name, "mono"],
    ["rows", ([, count]) => number(count), "number"],
    ["", ([, count]) => bar(0, count / wrong[0][1], ""), ""],
  ], wrong, "None.");
  table("keys", [
    ["issuer", (key) => key.issuer ?? "none"],
    ["kid", (key) => key.kid ?? "none", "mono"],
    ["alg", (key) => key.alg, "mono"],
    ["rows", (key) => number(key.rows), "number"],
    ["not valid", (key) => number(key.refused), "number"],
    ["most often", (key) => Object.entries(key.codes).filter(([name]) => name !== "accepted")
      .sort((a, b) => b[1] - a[1]).slice(0, 2).map(([name, count]) => `${name} ${number(count)}`).join(", "), ""],
    ["first to last use", (key) => life(key, "cool"), ""],
  ], data.keys.slice(0, 40), "No signature holds.");
  table("kids", [
    ["kid", (kid) => kid.kid, "mono"],
    ["rows", (kid) => number(kid.rows), "number"],
    ["first", (kid) => date(kid.first_use), "nowrap"],
    ["last", (kid) => date(kid.last_use), "nowrap"],
    ["", (kid) => life(kid, ""), ""],
  ], data.unknown_kids.slice(0, 25), "None.");
  table("subjects", [
    ["subject", (subject) => subject.subject, "mono"],
    ["rows", (subject) => number(subject.rows), "number"],
    ["not valid", (subject) => number(subject.refused), "number"],
    ["", (subject) => bar(0, subject.rows / data.subjects[0].rows, "cool"), ""],
  ], data.subjects.slice(0, 15), "No subject is known.");
  table("shared", [
    ["token", (token) => token.fingerprint.slice(0, 12), "mono"],
    ["subject", (token) => token.subject ?? "", "mono"],
    ["addresses", (token) => number(token.addresses), "number"],
    ["uses", (token) => number(token.uses), "number"],
    ["", (token) => bar(0, token.addresses / data.shared_tokens[0].addresses, ""), ""],
  ], data.shared_tokens.slice(0, 15), "None, or no address is known.");
  table("incidents", [
    ["place", (use) => `${use.source}:${use.line}`, "mono"],
    ["used at", (use) => date(use.used_at), "nowrap"],
    ["status", (use) => use.status, "number"],
    ["verdict", (use) => use.name, "mono"],
    ["kid", (use) => use.kid ?? "", "mono"],
    ["fingerprint", (use) => use.fingerprint ?? "", "mono"],
  ], data.incidents.slice(0, 20), "None.");
  table("unreadable", [
    ["place", (sample) => `${sample.source}:${sample.line}`, "mono"],
    ["reason", (sample) => sample.reason, ""],
  ], data.unreadable.samples.slice(0, 15), "None.");

  /* Charts; drawn again when the width or the colour scheme changes. */
  const drawn = [];
  const chart = (id, height, make) => drawn.push({ id, height, make, plot: null });
  const axis = (extra) => ({ stroke: css("--soft"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line") }, ...extra });
  const counts = (values) => values.map((value) => value === null ? "" : number(value));

  if (data.spans.length === 0) empty("time", "No tokens.");
  else {
    /* Spans are merged until the line is readable. */
    const hours = data.span_seconds / 3600;
    const whole = (data.spans[data.spans.length - 1].start - data.spans[0].start) / 3600;
    const step = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720].map((step) => Math.ceil(step / hours) * hours)
      .find((step) => whole / step <= 160) ?? Math.ceil(whole / 160 / hours) * hours;
    const width = step * 3600;
    const joined = new Map();
    for (const span of data.spans) {
      const start = Math.floor(span.start / width) * width;
      const codes = joined.get(start)?.codes ?? {};
      for (const [name, count] of Object.entries(span.codes)) codes[name] = (codes[name] ?? 0) + count;
      joined.set(start, { start, codes });
    }
    const spans = [...joined.values()];
    place("time-note").textContent = `Rows per ${step === 1 ? "hour" : `${step} hours`}, UTC. Drag to zoom, double-click to go back.`;
    const refusals = codes.filter(([name]) => name !== "accepted").map(([name]) => name);
    const names = ["accepted", ...refusals.slice(0, 6)];
    const rest = refusals.slice(6);
    chart("time", 300, (width, height) => {
      const colours = [css("--good"), css("--bad"), css("--warn"), css("--cool"),
        ...(dark() ? ["#c58af9", "#5fd3c6", "#f59ac0"] : ["#7c4dbd", "#14857a", "#b83280"]), css("--soft")];
      const of = (span, list) => list.reduce((sum, name) => sum + (span.codes[name] ?? 0), 0);
      const times = [];
      for (let time = spans[0].start; time <= spans[spans.length - 1].start; time += step * 3600) times.push(time);
      const nothing = { codes: {} };
      const rows = names.map((name) => times.map((time) => of(joined.get(time) ?? nothing, [name])));
      const labels = names.slice();
      if (rest.length) {
        rows.push(times.map((time) => of(joined.get(time) ?? nothing, rest)));
        labels.push("others");
      }
      const line = (label, index) => ({ label, stroke: colours[index], width: 1.5, points: { show: times.length < 3 },
        scale: index === 0 ? "accepted" : "y", fill: index === 0 ? `${colours[0]}22` : undefined,
        value: (_, value) => value === null ? "" : number(value) });
      return new uPlot({
        width, height, tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
        scales: { y: { range: (_, low, high) => [0, Math.max(high * 1.1, 1)] }, accepted: { range: (_, low, high) => [0, Math.max(high * 1.1, 1)] } },
        axes: [axis({}), axis({ scale: "accepted", label: "accepted", size: 64, labelSize: 18, values: (_, values) => counts(values) }),
          axis({ scale: "y", side: 1, label: "each rejection", size: 56, labelSize: 18, grid: { show: false }, values: (_, values) => counts(values) })],
        series: [{ value: (_, time) => time === null ? "" : date(time) }, ...labels.map(line)],
      }, [times, ...rows], place("time"));
    });
  }

  const bars = (id, names, series) => chart(id, 230, (width, height) => new uPlot({
    width, height, cursor: { drag: { x: false, y: false } },
    scales: { x: { time: false, range: [-0.6, names.length - 0.4] }, y: { range: (_, low, high) => [0, Math.max(high * 1.1, 1)] } },
    axes: [axis({ splits: () => names.map((_, index) => index), values: () => names, grid: { show: false }, size: 44,
        font: "11px system-ui, sans-serif", space: 10 }), axis({ size: 78, values: (_, values) => counts(values) })],
    series: [{ value: (_, index) => index === null ? "" : names[index] }, ...series.map(({ label, colour, values }, index) => ({
      label, stroke: css(colour), fill: css(colour), width: 0, points: { show: false },
      paths: uPlot.paths.bars({ size: [0.7 / series.length, 90], align: series.length === 1 ? 0 : index === 0 ? -1 : 1 }),
      value: (_, value) => value === null ? "" : number(value) }))],
  }, [names.map((_, index) => index), ...series.map(({ values }) => values)], place(id)));

  if (data.expiry_lags.every((lag) => lag.rows === 0)) empty("lags", "No token was expired.");
  else bars("lags", data.expiry_lags.map((lag) => lag.lag.replace("under ", "< ").replace(" and more", "+")),
    [{ label: "expired", colour: "--warn", values: data.expiry_lags.map((lag) => lag.rows) }]);
  if (data.statuses.length === 0) empty("statuses", "No tokens.");
  else bars("statuses", data.statuses.map((row) => row.status === "none" ? "no status" : row.status), [
    { label: "valid", colour: "--good", values: data.statuses.map((row) => row.accepted) },
    { label: "not valid", colour: "--bad", values: data.statuses.map((row) => row.refused) },
  ]);

  const draw = () => {
    for (const one of drawn) {
      if (one.plot) one.plot.destroy();
      one.plot = one.make(Math.max(place(one.id).clientWidth, 240), one.height);
    }
    document.documentElement.dataset.charts = String(drawn.length);
  };
  draw();
  let later;
  addEventListener("resize", () => { clearTimeout(later); later = setTimeout(draw, 150); });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
