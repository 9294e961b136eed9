'use strict';
(() => {
  const rowHeight = 22, barTop = 3, barHeight = 16, axisHeight = 24;
  const data = JSON.parse(document.getElementById('data').textContent);
  const byId = id => document.getElementById(id);
  const text = i => i < 0 ? '' : data.strings[i];

  // Colours that colour-blind people tell apart (Okabe and Ito), each with a pattern or a name beside it. Of each state: its
  // name, the words before what it waits for, colour, pattern, and the colour of text on it.
  const states = [
    { name: 'queued', lead: 'queued', color: '#999999', pattern: 'dots', ink: '#000' },
    { name: 'ready', lead: 'ready, waits for', color: '#f0e442', pattern: 'bars', ink: '#000' },
    { name: 'on the loop', lead: 'runs on the loop', color: '#0072b2', pattern: '', ink: '#fff' },
    { name: 'on a thread', lead: 'runs on a thread', color: '#009e73', pattern: '', ink: '#fff' },
    { name: 'I/O', lead: 'I/O', color: '#56b4e9', pattern: '', ink: '#000' },
    { name: 'awaits', lead: 'awaits', color: '#b9bec8', pattern: 'up', ink: '#000' },
    { name: 'lock', lead: 'waits for', color: '#d55e00', pattern: 'down', ink: '#fff' },
    { name: 'queue', lead: 'waits for', color: '#cc79a7', pattern: 'cross', ink: '#000' },
    { name: 'pause', lead: 'pauses', color: '#e69f00', pattern: 'level', ink: '#000' },
    { name: 'waits', lead: 'waits', color: '#d9d9d9', pattern: 'dots', ink: '#000' },
  ];
  const ownStatements = 'runs its own statements';
  const outcomes = [
    { name: 'not ended', mark: '\u2026' },
    { name: 'completed', mark: '\u2713' },
    { name: 'failed', mark: '\u2717' },
    { name: 'stopped', mark: '\u25a0' },
  ];

  // Spans lie one after the other, those of a lane together.
  const count = data.spans.length / 6;
  const starts = new Float64Array(count), ends = new Float64Array(count);
  const kinds = new Uint8Array(count), places = new Int32Array(count), whats = new Int32Array(count), others = new Int32Array(count);
  const lanes = [];
  const laneOf = new Map();
  let next = 0;
  for (const l of data.lanes) {
    const lane = {
      id: l[0], name: text(l[1]), kind: text(l[2]), command: text(l[3]), input: text(l[4]), origin: text(l[5]), loop: text(l[6]),
      parent: l[7], start: l[8], end: l[9], outcome: l[10], message: text(l[11]), canceled: l[12], first: next, last: next + l[13],
      words: null,
    };
    let at = lane.start;
    for (; next < lane.last; next++) {
      const k = next * 6;
      starts[next] = at + data.spans[k];
      at = ends[next] = starts[next] + data.spans[k + 1];
      kinds[next] = data.spans[k + 2];
      places[next] = data.spans[k + 3];
      whats[next] = data.spans[k + 4];
      others[next] = data.spans[k + 5];
    }
    lanes.push(lane);
    laneOf.set(lane.id, lane);
  }
  data.spans = data.lanes = null;

  const canvas = byId('lanes'), overview = byId('overview'), scroll = byId('scroll'), hover = byId('hover');
  const g = canvas.getContext('2d'), og = overview.getContext('2d');
  const total = Math.max(1, data.duration);
  const view = { from: 0, to: total };
  let shown = lanes, selected = null, matches = [], isMatch = new Set(), match = -1;
  let width = 0, height = 0, gutter = 220, ratio = 1, theme = {}, fills = [], pending = false, shares = null;

  const format = ns => {
    const a = Math.abs(ns);
    return a < 1e3 ? `${Math.round(ns)} ns` : a < 1e6 ? `${round(ns / 1e3)} \u00b5s` : a < 1e9 ? `${round(ns / 1e6)} ms` : `${round(ns / 1e9)} s`;
  };
  const round = value => String(Number(value.toPrecision(value >= 100 ? 4 : 3)));
  const stamp = ns => `${(ns / 1e9).toFixed(6)} s`;
  const plural = (n, word) => `${n.toLocaleString('en')} ${word}${n === 1 ? '' : 's'}`;

  // ---- Drawing

  function pattern(state) {
    const size = 8, tile = document.createElement('canvas');
    tile.width = tile.height = size * ratio;
    const p = tile.getContext('2d');
    p.scale(ratio, ratio);
    p.fillStyle = state.color;
    p.fillRect(0, 0, size, size);
    p.strokeStyle = p.fillStyle = state.ink === '#fff' ? 'rgba(255,255,255,0.55)' : 'rgba(0,0,0,0.42)';
    p.lineWidth = 1.3;
    const line = (x0, y0, x1, y1) => { p.beginPath(); p.moveTo(x0, y0); p.lineTo(x1, y1); p.stroke(); };
    if (state.pattern === 'up' || state.pattern === 'cross') { line(-2, 10, 10, -2); line(-2, 2, 2, -2); line(6, 10, 10, 6); }
    if (state.pattern === 'down' || state.pattern === 'cross') { line(-2, -2, 10, 10); line(-2, 6, 2, 10); line(6, -2, 10, 2); }
    if (state.pattern === 'bars') { line(4, 0, 4, 8); }
    if (state.pattern === 'level') { line(0, 4, 8, 4); }
    if (state.pattern === 'dots') { p.fillRect(1, 1, 2, 2); p.fillRect(5, 5, 2, 2); }
    const made = g.createPattern(tile, 'repeat');
    made.setTransform(new DOMMatrix().scale(1 / ratio));
    return made;
  }

  function takeTheme() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ['page', 'row', 'ink', 'faint', 'line', 'focus', 'mark', 'bad']) {
      theme[name] = style.getPropertyValue('--' + name).trim();
    }
    fills = states.map(state => state.pattern ? pattern(state) : state.color);
  }

  function resize() {
    ratio = window.devicePixelRatio || 1;
    width = scroll.clientWidth;
    height = scroll.clientHeight;
    gutter = Math.min(240, Math.max(90, Math.round(width * 0.2)));
    for (const [c, w, h] of [[canvas, width, height], [overview, overview.clientWidth, overview.clientHeight]]) {
      c.width = Math.max(1, Math.round(w * ratio));
      c.height = Math.max(1, Math.round(h * ratio));
    }
    canvas.style.width = width + 'px';
    canvas.style.height = height + 'px';
    shares = null;
    takeTheme();
    layOut();
  }

  function layOut() {
    // The canvas itself is the first of that height.
    byId('height').style.height = Math.max(height, shown.length * rowHeight + axisHeight) + 'px';
    invalidate();
  }

  const x = time => gutter + (time - view.from) / (view.to - view.from) * (width - gutter);
  const timeAt = px => view.from + (px - gutter) / (width - gutter) * (view.to - view.from);
  const rowAt = y => Math.floor((y - axisHeight + scroll.scrollTop) / rowHeight);
  const yOf = row => axisHeight + row * rowHeight - scroll.scrollTop;

  /** The first span of a lane, from an index on, that ends after a time. */
  function firstAfter(lane, time, from = lane.first) {
    let low = from, high = lane.last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle] > time) { high = middle; } else { low = middle + 1; }
    }
    return low;
  }

  function invalidate() {
    if (!pending) {
      pending = true;
      requestAnimationFrame(draw);
    }
  }

  function draw() {
    pending = false;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = theme.page;
    g.fillRect(0, 0, width, height);
    g.font = '12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif';
    g.textBaseline = 'middle';
    const from = Math.max(0, rowAt(axisHeight)), to = Math.min(shown.length, rowAt(height) + 1);
    for (let row = from; row < to; row++) {
      g.fillStyle = isMatch.has(shown[row]) ? theme.mark : row % 2 ? theme.row : theme.page;
      g.fillRect(0, yOf(row), width, rowHeight);
    }
    const ticks = drawGrid();
    let drawn = 0;
    for (let row = from; row < to; row++) {
      drawn += drawLane(shown[row], row);
    }
    drawAxis(ticks);
    drawOverview();
    page.rectangles = drawn;
  }

  function drawLane(lane, row) {
    const y = yOf(row);
    const isSelected = selected && selected.lane === lane;
    g.save();
    g.beginPath();
    g.rect(gutter, y, width - gutter, rowHeight);
    g.clip();
    const step = (view.to - view.from) / (width - gutter);
    let drawn = 0, i = firstAfter(lane, view.from);
    while (i < lane.last && starts[i] < view.to) {
      const left = x(starts[i]), right = x(ends[i]);
      drawn++;
      if (right - left >= 1) {
        drawSpan(i, Math.max(left, gutter - 4), Math.min(right, width + 4), y, left, lane.id < 0 && kinds[i] === 2);
        i++;
        continue;
      }

      // All that end within this pixel are one: what takes most of it gives the colour.
      const until = firstAfter(lane, timeAt(Math.floor(left) + 1) - step * 1e-6, i);
      g.fillStyle = states[largest(i, Math.max(until, i + 1))].color;
      g.fillRect(Math.floor(left), y + barTop, 1, barHeight);
      i = Math.max(until, i + 1);
    }
    if (lane.canceled >= 0) {
      g.fillStyle = theme.bad;
      g.fillRect(x(lane.canceled) - 0.5, y + 1, 1.5, rowHeight - 2);
    }
    if (lane.outcome > 0) {
      g.fillStyle = lane.outcome === 2 ? theme.bad : theme.ink;
      g.fillText(outcomes[lane.outcome].mark + (lane.outcome > 1 ? ' ' + outcomes[lane.outcome].name : ''), x(lane.end) + 3, y + rowHeight / 2);
    }
    g.restore();

    if (isSelected && selected.span >= 0) {
      g.strokeStyle = theme.ink;
      g.lineWidth = 2;
      const left = Math.max(gutter, x(starts[selected.span])), right = Math.max(left + 3, Math.min(width, x(ends[selected.span])));
      if (left < width && right > gutter) {
        g.strokeRect(left, y + barTop - 1, right - left, barHeight + 2);
      }
    }

    g.save();
    g.beginPath();
    g.rect(0, y, gutter - 6, rowHeight);
    g.clip();
    g.fillStyle = lane.outcome === 2 ? theme.bad : isSelected ? theme.focus : theme.ink;
    const label = `${lane.id < 0 ? '' : outcomes[lane.outcome].mark + ' '}${lane.name}${lane.input ? '  ' + lane.input : lane.name === 'Task' + lane.id && lane.command ? '  ' + lane.command : ''}`;
    g.font = isSelected ? g.font.replace(/^(?!bold)/, 'bold ') : g.font.replace('bold ', '');
    g.fillText(clip(label, gutter - 18, true), 8, y + rowHeight / 2);
    g.font = g.font.replace('bold ', '');
    g.restore();
    return drawn;
  }

  function largest(from, to) {
    const limit = Math.min(to, from + 64);
    let best = from;
    for (let i = from + 1; i < limit; i++) {
      if (ends[i] - starts[i] > ends[best] - starts[best]) { best = i; }
    }
    return kinds[best];
  }

  function drawSpan(i, left, right, y, start, isScript) {
    const state = states[kinds[i]];
    g.fillStyle = fills[kinds[i]];
    // A gap tells a span from the next where both are of one state.
    g.fillRect(left, y + barTop, right - left - (right - left > 4 ? 0.75 : 0), barHeight);
    const at = Math.max(start, gutter) + 4, room = right - at - 4;
    if (room < 44) {
      return;
    }
    const said = isScript ? ownStatements : whats[i] >= 0 ? `${['awaits', 'ready'].includes(state.name) ? state.lead + ' ' : ''}${text(whats[i])}` : state.name;
    const shownText = clip(said, room);
    if (state.pattern) {
      g.fillStyle = state.color;
      g.fillRect(at - 2, y + barTop + 1, g.measureText(shownText).width + 4, barHeight - 2);
    }
    g.fillStyle = state.ink;
    g.fillText(shownText, at, y + rowHeight / 2);
  }

  /** A text that fits; of addresses and paths the end says more than the middle. */
  function clip(said, room, keepsEnd) {
    said = said.length > 200 ? said.slice(0, 200) : said;
    const wide = g.measureText(said).width;
    if (wide <= room) {
      return said;
    }
    const fit = Math.max(1, Math.floor(said.length * room / wide) - 2);
    const tail = keepsEnd && fit > 12 ? Math.floor(fit * 0.45) : 0;
    return said.slice(0, fit - tail) + '\u2026' + (tail > 0 ? said.slice(-tail) : '');
  }

  function drawGrid() {
    const unit = niceStep((view.to - view.from) / Math.max(2, (width - gutter) / 110)), ticks = [];
    g.strokeStyle = theme.line;
    g.lineWidth = 1;
    for (let time = Math.ceil(view.from / unit) * unit; time <= view.to; time += unit) {
      const at = Math.round(x(time)) + 0.5;
      ticks.push({ label: tick(time, unit), at });
      line(at, axisHeight, at, height);
    }
    return ticks;
  }

  // In one unit for all, with as many digits as tell one from the next.
  function tick(time, unit) {
    const [size, name] = view.to >= 1e9 ? [1e9, 's'] : view.to >= 1e6 ? [1e6, 'ms'] : [1e3, '\u00b5s'];
    return `${(time / size).toFixed(Math.max(0, Math.ceil(-Math.log10(unit / size) - 1e-9)))} ${name}`;
  }

  function drawAxis(ticks) {
    g.fillStyle = theme.page;
    g.fillRect(0, 0, width, axisHeight);
    g.strokeStyle = theme.line;
    g.lineWidth = 1;
    g.fillStyle = theme.faint;
    for (const { label, at } of ticks) {
      line(at, axisHeight - 5, at, axisHeight);
      if (at < width - 30) {
        g.fillText(label, at + 4, axisHeight / 2);
      }
    }
    line(0, axisHeight - 0.5, width, axisHeight - 0.5);
    line(gutter - 0.5, 0, gutter - 0.5, height);
    g.fillText(plural(shown.length, 'lane'), 8, axisHeight / 2);
  }

  function line(x0, y0, x1, y1) {
    g.beginPath();
    g.moveTo(x0, y0);
    g.lineTo(x1, y1);
    g.stroke();
  }

  function niceStep(least) {
    const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
    return [1, 2, 5, 10].map(n => n * power).find(n => n >= least);
  }

  // How much of each state there is at each point of the overview, as sums over all lanes.
  function takeShares() {
    const columns = Math.max(1, Math.floor(overview.clientWidth - gutter)), size = total / columns;
    shares = states.map(() => new Float64Array(columns + 1));
    const whole = states.map(() => new Float64Array(columns + 2));
    for (const lane of lanes) {
      // A script that waits for its tasks is none of them.
      for (let i = lane.id < 0 ? lane.last : lane.first; i < lane.last; i++) {
        const a = starts[i] / size, b = Math.min(ends[i] / size, columns), p = Math.floor(a), q = Math.floor(b), share = shares[kinds[i]];
        if (p === q) {
          share[p] += b - a;
        } else {
          share[p] += p + 1 - a;
          share[q] += b - q;
          whole[kinds[i]][p + 1]++;
          whole[kinds[i]][q]--;
        }
      }
    }
    shares.most = 0;
    for (let s = 0; s < states.length; s++) {
      for (let c = 0, sum = 0; c < columns; c++) {
        sum += whole[s][c];
        shares[s][c] += sum;
      }
    }
    for (let c = 0; c < columns; c++) {
      shares.most = Math.max(shares.most, states.reduce((sum, _, s) => sum + shares[s][c], 0));
    }
  }

  function drawOverview() {
    if (!shares) {
      takeShares();
    }
    const h = overview.clientHeight, w = overview.clientWidth;
    og.setTransform(ratio, 0, 0, ratio, 0, 0);
    og.fillStyle = theme.page;
    og.fillRect(0, 0, w, h);
    const bottom = h - 2, scale = shares.most > 0 ? (h - 8) / shares.most : 0;
    for (let c = 0; c < shares[0].length - 1; c++) {
      let y = bottom;
      for (const s of [2, 3, 4, 1, 6, 7, 8, 5, 9, 0]) {
        const tall = shares[s][c] * scale;
        if (tall > 0) {
          og.fillStyle = states[s].color;
          og.fillRect(gutter + c, y - tall, 1, tall);
          y -= tall;
        }
      }
    }
    og.fillStyle = theme.faint;
    og.font = g.font;
    og.textBaseline = 'middle';
    og.fillText('all tasks', 8, 14);
    og.fillText(`at most ${Math.round(shares.most).toLocaleString('en')} at once`, 8, 32);
    const left = gutter + view.from / total * (w - gutter), right = gutter + view.to / total * (w - gutter);
    og.globalAlpha = 0.7;
    og.fillStyle = theme.page;
    og.fillRect(gutter, 0, left - gutter, h);
    og.fillRect(right, 0, w - right, h);
    og.globalAlpha = 1;
    og.strokeStyle = theme.focus;
    og.lineWidth = 1.5;
    og.strokeRect(left + 0.75, 0.75, Math.max(2, right - left - 1.5), h - 1.5);
  }

  // ---- What is said

  function describeLane(lane) {
    const said = [`${lane.name}${lane.input && lane.input !== lane.name ? ' for ' + lane.input : ''}${lane.id > 0 ? ` (${lane.kind} task ${lane.id})` : ` of ${lane.loop}`}`];
    if (lane.command) { said.push(lane.command.length > 300 ? lane.command.slice(0, 300) + '\u2026' : lane.command); }
    if (lane.origin) { said.push(`started at ${lane.origin}`); }
    if (lane.id > 0) {
      said.push(`${outcomes[lane.outcome].name} after ${format(lane.end - lane.start)}${lane.message ? ': ' + lane.message : ''}`);
    }
    return said;
  }

  function describeSpan(lane, i) {
    const state = states[kinds[i]], what = whats[i] >= 0 ? ' ' + text(whats[i]) : '';
    const said = [lane.id < 0 && kinds[i] === 2 ? ownStatements : `${state.lead}${state.lead === 'I/O' && what ? ':' : ''}${what}`, `${format(ends[i] - starts[i])}, from ${stamp(starts[i])} to ${stamp(ends[i])}`];
    if (places[i] >= 0) { said.push(`at ${text(places[i])}`); }
    return said;
  }

  const describe = (lane, i) => [...(i >= 0 ? describeSpan(lane, i) : []), ...describeLane(lane)].join('\n');

  function hit(px, py) {
    const row = rowAt(py);
    if (py < axisHeight || row < 0 || row >= shown.length) {
      return null;
    }
    const lane = shown[row];
    if (px < gutter) {
      return { lane, span: -1 };
    }
    // A span narrower than the pixel counts as that pixel.
    const i = firstAfter(lane, timeAt(px));
    if (i < lane.last && x(starts[i]) <= px + 1) {
      return { lane, span: i };
    }
    return i > lane.first && x(ends[i - 1]) >= px - 1 ? { lane, span: i - 1 } : { lane, span: -1 };
  }

  function select(lane, span, reveals) {
    selected = lane ? { lane, span } : null;
    byId('said').textContent = lane ? describe(lane, span) : 'Nothing is selected. Click a span, or press the arrow keys.';
    const links = byId('links');
    links.replaceChildren();
    if (lane) {
      const ids = span >= 0 && others[span] >= 0 ? data.others[others[span]] : [];
      for (const [id, lead] of [...ids.map(id => [id, 'Go to']), ...(lane.parent ? [[lane.parent, 'Started by']] : [])]) {
        const target = laneOf.get(id);
        if (target) {
          const button = document.createElement('button');
          button.type = 'button';
          button.textContent = `${lead} ${target.name === 'Task' + id ? target.name : `${target.name} (task ${id})`}`;
          button.addEventListener('click', () => goTo(target, span >= 0 ? starts[span] : target.start));
          links.append(button);
        }
      }
      if (reveals) {
        reveal(lane, span);
      }
    }
    invalidate();
  }

  function goTo(lane, time) {
    if (!shown.includes(lane)) {
      byId('only').checked = false;
      arrange();
    }
    const i = firstAfter(lane, time);
    select(lane, i < lane.last ? i : lane.last - 1, true);
    canvas.focus();
  }

  function reveal(lane, span) {
    const row = shown.indexOf(lane), y = row * rowHeight;
    if (y < scroll.scrollTop) {
      scroll.scrollTop = y;
    } else if (y + rowHeight + axisHeight > scroll.scrollTop + height) {
      scroll.scrollTop = y + rowHeight + axisHeight - height;
    }
    const start = span >= 0 ? starts[span] : lane.start, end = span >= 0 ? ends[span] : lane.end, wide = view.to - view.from;
    if (end < view.from || start > view.to) {
      look(start - wide / 4, start + wide * 3 / 4);
    }
  }

  // ---- Looking

  function look(from, to) {
    const wide = Math.min(total, Math.max(to - from, Math.min(total, 100)));
    view.from = Math.min(Math.max(0, from), total - wide);
    view.to = view.from + wide;
    invalidate();
  }

  function zoom(factor, at = (view.from + view.to) / 2) {
    look(at - (at - view.from) * factor, at + (view.to - at) * factor);
  }

  const pan = part => look(view.from + (view.to - view.from) * part, view.to + (view.to - view.from) * part);

  // ---- Finding

  function wordsOf(lane) {
    if (lane.words === null) {
      const said = new Set();
      for (let i = lane.first; i < lane.last; i++) {
        said.add(states[kinds[i]].name);
        if (whats[i] >= 0) { said.add(text(whats[i])); }
        if (places[i] >= 0) { said.add(text(places[i])); }
      }
      lane.words = [lane.name, lane.kind, lane.command, lane.input, lane.origin, lane.message, outcomes[lane.outcome].name, ...said].join('\n').toLowerCase();
    }
    return lane.words;
  }

  function find() {
    const wanted = byId('search').value.trim().toLowerCase();
    matches = wanted ? lanes.filter(lane => wordsOf(lane).includes(wanted)) : [];
    isMatch = new Set(matches);
    match = -1;
    byId('matches').textContent = wanted ? plural(matches.length, 'lane') : '';
    arrange();
  }

  function step(by) {
    const list = shown.filter(lane => isMatch.has(lane));
    if (list.length > 0) {
      match = ((match < 0 && by < 0 ? 0 : match) + by + list.length) % list.length;
      select(list[match], list[match].first < list[match].last ? list[match].first : -1, true);
    }
  }

  function arrange() {
    const orders = {
      start: null,
      longest: (a, b) => (b.end - b.start) - (a.end - a.start),
      outcome: (a, b) => rank(a) - rank(b),
      name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
    };
    const rank = lane => [3, 4, 1, 2][lane.outcome];
    shown = byId('only').checked && byId('search').value.trim() ? matches : lanes;
    const order = orders[byId('order').value];
    if (order) {
      shown = [...shown].sort(order);
    }
    layOut();
  }

  // ---- Hands

  let drag = null;
  canvas.addEventListener('pointerdown', e => {
    drag = { x: e.offsetX, y: e.offsetY, from: view.from, to: view.to, top: scroll.scrollTop, moved: false };
    canvas.setPointerCapture(e.pointerId);
  });
  canvas.addEventListener('pointermove', e => {
    if (drag) {
      const dx = e.offsetX - drag.x, dy = e.offsetY - drag.y;
      drag.moved ||= Math.abs(dx) + Math.abs(dy) > 4;
      if (drag.moved) {
        const shift = -dx / (width - gutter) * (drag.to - drag.from);
        look(drag.from + shift, drag.to + shift);
        scroll.scrollTop = drag.top - dy;
        hover.hidden = true;
        return;
      }
    }
    showHover(e);
  });
  canvas.addEventListener('pointerup', e => {
    if (drag && !drag.moved) {
      const found = hit(e.offsetX, e.offsetY);
      select(found ? found.lane : null, found ? found.span : -1, false);
    }
    drag = null;
  });
  canvas.addEventListener('pointercancel', () => { drag = null; });
  canvas.addEventListener('pointerleave', () => { hover.hidden = true; });
  canvas.addEventListener('dblclick', e => {
    const found = hit(e.offsetX, e.offsetY);
    if (found) { zoomTo(found.lane, found.span); }
  });
  scroll.addEventListener('scroll', () => { hover.hidden = true; invalidate(); });
  scroll.addEventListener('wheel', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) {
      e.preventDefault();
      zoom(Math.exp(Math.max(-1, Math.min(1, e.deltaY / 200))), timeAt(Math.max(gutter, e.offsetX)));
    } else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
      e.preventDefault();
      pan((e.deltaX || e.deltaY) / width);
    }
  }, { passive: false });

  function showHover(e) {
    const found = hit(e.offsetX, e.offsetY);
    hover.hidden = !found;
    if (found) {
      hover.textContent = describe(found.lane, found.span);
      const box = hover.getBoundingClientRect();
      hover.style.left = Math.max(4, Math.min(e.clientX + 14, innerWidth - box.width - 6)) + 'px';
      hover.style.top = (e.clientY + 18 + box.height > innerHeight ? Math.max(4, e.clientY - box.height - 12) : e.clientY + 18) + 'px';
    }
  }

  function zoomTo(lane, span) {
    const start = span >= 0 ? starts[span] : lane.start, end = span >= 0 ? ends[span] : lane.end, margin = Math.max(100, (end - start) * 0.1);
    look(start - margin, end + margin);
  }

  let range = null;
  const overviewTime = e => Math.max(0, Math.min(total, (e.offsetX - gutter) / (overview.clientWidth - gutter) * total));
  overview.addEventListener('pointerdown', e => { range = overviewTime(e); overview.setPointerCapture(e.pointerId); });
  overview.addEventListener('pointermove', e => {
    if (range !== null && Math.abs(overviewTime(e) - range) > total / 300) {
      look(Math.min(range, overviewTime(e)), Math.max(range, overviewTime(e)));
    }
  });
  overview.addEventListener('pointerup', e => {
    if (range !== null && Math.abs(overviewTime(e) - range) <= total / 300) {
      const half = (view.to - view.from) / 2;
      look(range - half, range + half);
    }
    range = null;
  });

  canvas.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) {
      return;
    }
    const row = selected ? shown.indexOf(selected.lane) : -1;
    const toRow = to => {
      const lane = shown[Math.max(0, Math.min(shown.length - 1, to))];
      if (lane) {
        const time = selected && selected.span >= 0 ? starts[selected.span] : view.from;
        const i = firstAfter(lane, time);
        select(lane, lane.first === lane.last ? -1 : Math.min(i, lane.last - 1), true);
      }
    };
    const toSpan = by => {
      if (selected && selected.lane.first < selected.lane.last) {
        const { lane, span } = selected;
        select(lane, Math.max(lane.first, Math.min(lane.last - 1, span < 0 ? lane.first : span + by)), true);
      } else {
        toRow(row);
      }
    };
    const rows = Math.max(1, Math.floor((height - axisHeight) / rowHeight) - 1);
    const keys = {
      ArrowDown: () => toRow(row + 1),
      ArrowUp: () => toRow(row - 1),
      PageDown: () => toRow(row + rows),
      PageUp: () => toRow(row - rows),
      Home: () => toRow(0),
      End: () => toRow(shown.length - 1),
      ArrowRight: () => toSpan(1),
      ArrowLeft: () => toSpan(-1),
      '+': () => zoom(0.6, middle()),
      '=': () => zoom(0.6, middle()),
      '-': () => zoom(1 / 0.6, middle()),
      a: () => pan(-0.2),
      d: () => pan(0.2),
      0: () => look(0, total),
      Enter: () => selected && zoomTo(selected.lane, selected.span),
      Escape: () => select(null, -1, false),
    };
    const key = keys[e.key] || keys[e.key.toLowerCase()];
    if (key) {
      e.preventDefault();
      key();
    }
  });
  const middle = () => selected && selected.span >= 0 ? (starts[selected.span] + ends[selected.span]) / 2 : undefined;

  document.addEventListener('keydown', e => {
    if (e.key === '/' && e.target !== byId('search')) {
      e.preventDefault();
      byId('search').focus();
    }
  });
  byId('search').addEventListener('input', find);
  byId('search').addEventListener('keydown', e => {
    if (e.key === 'Enter') {
      e.preventDefault();
      step(e.shiftKey ? -1 : 1);
    }
  });
  byId('next').addEventListener('click', () => step(1));
  byId('previous').addEventListener('click', () => step(-1));
  byId('only').addEventListener('change', arrange);
  byId('order').addEventListener('change', arrange);
  byId('in').addEventListener('click', () => zoom(0.6, middle()));
  byId('out').addEventListener('click', () => zoom(1 / 0.6, middle()));
  byId('fit').addEventListener('click', () => look(0, total));
  window.addEventListener('resize', resize);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', resize);

  // ---- Beginning

  const present = new Set(kinds), tasks = lanes.filter(lane => lane.id > 0).length;
  byId('summary').textContent = `${plural(tasks, 'task')}, ${plural(count, 'span')} in ${format(data.duration)}, from ${data.started}`;
  if (data.dropped > 0) {
    byId('warning').hidden = false;
    byId('warning').textContent = `The trace was full after ${format(data.duration)}: ${plural(data.dropped, 'event')} after that are missing. Start-AsyncTrace -MaximumEvents gives it more room.`;
  }

  // What a page's console, or its test, asks for.
  const page = window.asyncTrace = {
    states, rectangles: 0, look, draw, view,
    select: (id, i) => select(laneOf.get(id), laneOf.get(id).first + i, true),
    spans: id => {
      const lane = laneOf.get(id), row = shown.indexOf(lane), found = [];
      for (let i = lane.first; i < lane.last; i++) {
        found.push({ state: states[kinds[i]].name, what: text(whats[i]), place: text(places[i]), left: x(starts[i]), right: x(ends[i]), top: yOf(row) + barTop, bottom: yOf(row) + barTop + barHeight });
      }
      return found;
    },
    lanes: () => shown.map(lane => ({ id: lane.id, name: lane.name, kind: lane.kind, input: lane.input, outcome: outcomes[lane.outcome].name, parent: lane.parent })),
  };
  resize();
  for (const [i, state] of states.entries()) {
    if (!present.has(i)) {
      continue;
    }
    const item = document.createElement('li'), swatch = document.createElement('canvas');
    swatch.width = 22 * ratio;
    swatch.height = 12 * ratio;
    const s = swatch.getContext('2d');
    s.scale(ratio, ratio);
    s.fillStyle = fills[i];
    s.fillRect(0, 0, 22, 12);
    item.append(swatch, state.name);
    byId('legend').append(item);
  }
  for (const outcome of outcomes.slice(1)) {
    const item = document.createElement('li');
    item.textContent = `${outcome.mark} ${outcome.name}`;
    byId('legend').append(item);
  }
  // The legend may have taken room from the lanes.
  resize();
})();
