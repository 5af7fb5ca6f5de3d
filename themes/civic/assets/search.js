// The engine, by the rules of docs/search.md; then the page.
(function () {
"use strict";

const VALUE = [1, 3, 5, 7, 9, 11, 13, 24], FILTERS = ["site", "column", "year", "kind"];
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*+,-./";
const DIGIT = new Uint8Array(128);
for (let at = 0; at < 64; at++) DIGIT[DIGITS.charCodeAt(at)] = at;
const LONGEST = 80, PAGE = 10, SNIPPET = 120, SURE = 7, PLAIN = 3;

const files = {}, values = {};

const genSearch = (name, value) => { values[name] = value; };

function load(name, query = "") {
  return files[name] = files[name] || new Promise((done, fail) => {
    const script = document.createElement("script");
    script.onload = script.onerror = () => {
      if (name in values) return done(values[name]);
      delete files[name];
      fail(new Error(name));
    };
    script.src = name + ".js" + query;
    document.head.append(script);
  });
}

// Sums of numbers; a level begins anew. After an 8, six bits a character.
function decode(text, each) {
  let sum = 0, shift = 0, level = 0, value = 0, bits;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at), digit = DIGIT[code];
    if (code === 56) bits = true;
    else if (code > 47 && code < 58) [level, sum, bits] = [code - 48, 0];
    else if (bits) {
      for (let bit = 0; bit < 6; bit++, sum++) if (digit >> bit & 1) each(sum, level);
    } else {
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit < 32) {
        each(sum += value, level);
        value = shift = 0;
      }
    }
  }
}

function sums(text) {
  const all = [];
  decode(text, sum => all.push(sum));
  return all;
}

const numbers = text => sums(text).map((sum, at, all) => sum - (all[at - 1] || 0));

const variants = {}, learnt = {};
let folded = {};

// What may be folded to something else: all but 一 to 龥 that have no variant.
let strange = /[^一-龥]/gu;

function learn(pairs) {
  pairs.replace(/(.)(.)/gu, (_, char, other) => { variants[char] = other; });
  strange = RegExp("[^一-龥]|[" + Object.keys(variants).join("") + "]", "gu");
  folded = {};
}

const foldOne = char => char in folded ? folded[char] : folded[char] = char.normalize("NFKD").toLowerCase().normalize("NFKD").replace(/./gsu, one =>
  /[。！？!?\n\r\u2028\u2029]/.test(one) ? "\n" : /[\p{L}\p{N}]/u.test(one) ? variants[one] || one : "");

const unique = list => [...new Set(list)], joined = lists => [].concat(...lists);
const fold = text => text.replace(strange, foldOne);
const runs = text => fold(text).split("\n").filter(Boolean);

function grams(run, size) {
  const chars = [...run];
  return chars.slice(size - 1).map((_, at) => chars.slice(at, at + size).join(""));
}

const sizeOf = terms => [...terms.join("")].length;

function counting(list) {
  const long = list.filter(run => grams(run, 2)[0]);
  return unique(long[0] ? long : list);
}

const cover = (list, size) => unique(joined(counting(list).map(run => {
  const all = grams(run, size), some = all.filter((_, at) => at % 2 === 0 || at === all.length - 1);
  return some.length > 6 ? some.slice(0, 6).map((_, at) => all[at * (all.length - 1) / 5 | 0]) : all.length ? some : run;
}))).slice(0, 12);

function parse(typed) {
  const words = [...typed].slice(0, LONGEST).join("").split(/[\s\x1c-\x1f\x85]/).filter(word => runs(word)[0]);
  const all = runs(words.join("")), parts = joined(words.map(runs)), pairs = unique(joined(all.map(run => grams(run, 2))));
  const phrase = cover(all, 3), terms = words[1] ? cover(parts, 3) : phrase, both = unique(phrase.concat(terms)), scored = sizeOf(terms) > terms.length ? terms : phrase;
  return { phrase, terms, both, scored, whole: all[0] && !grams(all.join(""), 61)[0] && "=" + all.join(""), scattered: cover(scored === terms ? parts : all, 2), needles: [counting(all), counting(parts), pairs, []], seen: {} };
}


let ix = null, last = null;

async function open(query) {
  const manifest = await load("index", query), dead = new Set();
  if (ix && ix.manifest === manifest) return;
  let total = 0;
  const segments = manifest.segments.map(one => {
    const first = total, end = total += one.docs;
    decode(one.dead, ordinal => dead.add(first + ordinal));
    return { ...one, first, end };
  });
  learn(manifest.fold);
  ix = { manifest, segments, total, dead, expired: new Set(), day: [], month: [], year: [], place: [], rank: [], factor: [] };
  last = null;
}

const heads = () => ix.heads = ix.heads || Promise.all(ix.segments.map(one => load(one.id + "/head"))).then(survey);

function survey(all) {
  const { sites, places, kinds, rank: factors, newest } = ix.manifest, fresh = {};
  ix.places = unique(joined(all.map(head => head.places))).sort();
  ix.faces = ix.places.map(column => {
    const site = column.split("/")[0], [column_name, kind] = places[column] || [column, ""];
    return { site, site_name: sites[site][0], column, column_name, kind, kind_name: kinds[kind] };
  });
  all.forEach((head, at) => {
    const segment = ix.segments[at], months = numbers(head.months), ranks = [];
    sums(head.counts).forEach((end, which, ends) => {
      const place = ix.places.indexOf(head.places[which]);
      let month = head.newest;
      months.slice(ends[which - 1] || 0, end).forEach(less => {
        ix.month.push(month -= less);
        ix.year.push(month / 12 | 0);
        ix.place.push(place);
        ix.rank.push(ranks[place] = ranks[place] + 1 || 0);
      });
    });
    decode(head.expired, ordinal => ix.expired.add(segment.first + ordinal));
    segment.ends = sums(head.packs);
    segment.before = head.before.map(numbers);
    const words = [];
    segment.plain = text => text.replace(/\x7f(.)|[\x80-\u07ff]/gs, (one, kept) => kept || words[one.charCodeAt() - 128]);
    head.words.replace(/../gs, pair => { words.push(segment.plain(pair)); });
  });
  ix.month.forEach((month, id) => {
    const ranked = newest - month < 24 ? month : month - month % 12;
    fresh[month] = fresh[month] || 1 + factors.freshness * 2 ** ((ranked - newest) / 12 / factors.half_life);
    ix.factor.push(fresh[month] * (factors.kinds[ix.faces[ix.place[id]].kind] || 1) * (ix.expired.has(id) ? factors.expired : 1));
  });
}

const year = id => ix.year[id], isNew = id => ix.manifest.newest - ix.month[id] < 12, segmentOf = id => ix.segments.find(one => id < one.end);

function inOrder(a, b) {
  const apart = year(b) - year(a) || ix.place[a] - ix.place[b], older = segmentOf(a), newer = segmentOf(b);
  if (apart || older === newer) return apart || a - b;
  if (older.first > newer.first) return -inOrder(b, a);
  return ix.rank[a] < newer.before[ix.segments.indexOf(older)][b - newer.first] ? -1 : 1;
}

function shardOf(term, { shards, key: size }) {
  const key = [...term.replace("=", "")], some = /=(\w|.{7})/u.test(term) ? key : key.slice(0, size);
  const hash = some.reduce((sum, char) => Math.imul(sum ^ char.codePointAt(0), 16777619), 2166136261);
  return ((hash ^ hash >>> 15) >>> 0) % shards;
}

// What is not sure of its level has it from the figures, in turn, if there are any.
function add(list, segment, text, figures) {
  let at = 0;
  decode(text, (ordinal, level) => {
    if (figures && level < SURE) level = +figures[at++];
    const id = segment.first + ordinal;
    if (ix.dead.has(id)) return;
    list.ids.push(id);
    list.levels.push(level);
    if (list.rest) list.perhaps[id] = 0;
  });
}

const having = list => list.ids.length + list.rest, isCommon = list => having(list) >= ix.manifest.common;

async function read(terms, lists = {}) {
  await Promise.all(joined(terms.map(term => {
    const list = lists[term] = { ids: [], levels: [], tails: [], perhaps: [], rest: 0 };
    return ix.segments.map(async segment => {
      const shard = await load(segment.id + "/" + shardOf(term, segment)), key = "|" + term + ":", at = shard.indexOf(key);
      if (at < 0) return;
      const [text, ...tails] = shard.slice(at + key.length, shard.indexOf("|", at + 1)).split(">"), rest = tails[1] && +tails.pop();
      add(list, segment, text);
      tails.forEach((tail, at) => list.tails.push({ segment, rest: tails[at + 1] ? 0 : rest, files: ("t" + tail).match(/\w\d+/g).map(file => segment.id + "/" + file), level: +text.match(/\d(?=\D*$)/)[0] }));
    });
  })));
  return lists;
}

// A first page can do without the tails of a common term: all that may be in them is taken to have it.
function spare(list) {
  const spared = list.tails.filter(tail => tail.rest), rest = spared.reduce((sum, tail) => sum + tail.rest, 0);
  if (!rest || list.ids.length + rest - ix.dead.size < ix.manifest.common) return;
  const perhaps = new Uint8Array(ix.total);
  for (const { segment } of spared) perhaps.fill(1, segment.first + segment.young, segment.end);
  for (const id of [...list.ids, ...ix.dead]) perhaps[id] = 0;
  Object.assign(list, { rest, perhaps, spared, tails: list.tails.filter(tail => !tail.rest) });
}

function unspare(list) {
  Object.assign(list, { rest: 0, perhaps: [], tails: list.spared });
  return finish(list);
}

// The levels of a tail that has none are of use only if the term is not common.
async function finish(list, count = 1) {
  const { ids, levels, tails } = list, known = ids.length, texts = await Promise.all(tails.map(({ files }) => Promise.all(files.slice(0, count).map(file => load(file)))));
  texts.forEach((text, at) => add(list, tails[at].segment, ...text));
  if (count === 1 && tails.some(({ files }) => files[1]) && !isCommon(list)) {
    ids.length = levels.length = known;
    await finish(list, 2);
  }
}

// Tiers count from 1 here.

const weight = (list, level) => idf(list) * VALUE[level < SURE && isCommon(list) ? PLAIN : level];

// Of each document what the terms are worth there, and how many characters they have together. `strict`: common terms count
// only in titles and new documents.
function gather(lists, terms, strict) {
  const sums = new Float64Array(ix.total), sizes = new Uint8Array(ix.total);
  for (const term of terms) {
    const { ids, levels, perhaps } = lists[term], values = VALUE.map((_, level) => weight(lists[term], level)), size = sizeOf([term]);
    for (let at = 0; at < ids.length; at++) if (!strict || levels[at] === SURE || !isCommon(lists[term]) || isNew(ids[at])) {
      sums[ids[at]] += values[levels[at]];
      sizes[ids[at]] += size;
    }
    for (let id = 0; id < perhaps.length; id++) if (!strict && perhaps[id]) {
      sums[id] += values[PLAIN];
      sizes[id] += size;
    }
  }
  return { sums, sizes };
}

// A common term's documents need not be counted: all such terms are as rare as the rarest of them.
function idf(list) {
  const { live, common } = ix.manifest, counted = Math.min(having(list), common);
  return Math.log(1 + (live - counted + 0.5) / (counted + 0.5));
}

function match(query, lists) {
  const { phrase, terms } = query, whole = lists[query.whole], tier = new Uint8Array(ix.total), score = new Float64Array(ix.total);
  const words = gather(lists, terms), both = phrase === terms ? words : gather(lists, phrase), { sums } = query.scored === terms ? words : both, all = sizeOf(phrase), each = sizeOf(terms);
  for (let id = 0; id < ix.total && terms[0]; id++) {
    tier[id] = both.sizes[id] === all ? 3 : words.sizes[id] === each ? 2 : 0;
    score[id] = sums[id] * ix.factor[id];
  }
  if (whole) whole.ids.forEach((id, at) => { tier[id] = whole.levels[at] === SURE ? 5 : 4; });
  return { query, tier, score };
}

// What is found, once the texts of the first page's hits have told who of them has the terms that they were taken to
// have. The rarest term's tails come if too few have it. `most`: how many are found at most, if that is not known.
async function tell(query, lists, state) {
  let found, ids, first;
  for (;;) {
    if (!found) {
      found = match(query, lists);
      ids = passing(found, state);
      first = byRelevance(found, ids, PAGE);
    }
    const guessed = query.both.filter(term => lists[term].rest);
    const isOpen = id => !query.seen[id] && guessed.some(term => lists[term].perhaps[id]), open = first.filter(isOpen);
    if (!open.length) return ids.some(isOpen) ? { ...found, first, most: Math.min(ids.length, ...query.terms.map(term => having(lists[term]))) } : found;
    // Documents of which all is known tell how many texts would be looked at in vain. A tail takes as much as eight of them.
    const sure = query.terms.filter(term => !lists[term].rest), { sizes } = gather(lists, sure), all = sizeOf(sure);
    let kept = 0, lost = 0;
    for (const { first, end, young } of ix.segments) for (let id = first; id < end; id++) if (sizes[id] === all && (query.seen[id] || id < first + young)) {
      if (found.tier[id]) kept++;
      else lost++;
    }
    if (lost * open.length > 8 * (kept + 2)) {
      await unspare(guessed.map(term => lists[term]).sort((a, b) => having(a) - having(b))[0]);
      found = 0;
    } else for (const { one, title, text } of await Promise.all(open.map(id => query.seen[id] = look(id, query)))) {
      const words = [title.all, text.all, fold(one.unseen || "")].join("\n");
      for (const term of guessed) if (lists[term].perhaps[one.id] && !words.includes(term)) {
        await (one.parts ? unspare(lists[term]) : lists[term].perhaps[one.id] = 0);
        found = 0;
      }
    }
  }
}

// What has pieces of the query that make half of what there is of it, and more than two characters. Of who has a common one
// the tails need not tell, unless the newest documents of an index are no more.
async function scatter({ query, tier, score }, lists) {
  const isThere = term => having(lists[term]), there = query.scored.filter(isThere), pairs = query.scattered.filter(pair => !there.join().includes(pair));
  await read(pairs, lists);
  await Promise.all(pairs.map(term => spare(lists[term]) || finish(lists[term])));
  const all = there.concat(pairs.filter(isThere));
  let some = all.filter(term => !isCommon(lists[term]));
  if (sizeOf(some) < 3) await Promise.all((some = all).map(term => lists[term].perhaps.some((is, id) => is && isNew(id)) && unspare(lists[term])));
  const { sums, sizes } = gather(lists, some, true), half = sizeOf(some) / 2;
  sizes.forEach((size, id) => {
    tier[id] = size > 2 && size >= half;
    score[id] = sums[id] * ix.factor[id];
  });
}

const ask = query => Promise.all([read(query.both.concat(query.whole || [])), heads()]);

// The Chinese characters that are not of GB/T 2312, so that they may be in the table of variants.
function unusual(typed) {
  const usual = new TextDecoder("gb2312").decode(Uint8Array.from({ length: 72 * 188 }, (_, at) => 161 + (at % 2 ? (at >> 1) % 94 : 15 + (at / 188 | 0))));
  return [...typed].slice(0, LONGEST).filter(char => /\p{Script=Han}/u.test(char) && !usual.includes(char));
}

// Fetches the parts of the table in which a query's characters may be; whether there were any new ones.
async function learnRare(typed) {
  const [name, from] = ix.manifest.table;
  const wanted = unique(unusual(typed).map(char => name + "-" + (from.filter(first => first <= char.codePointAt()).length - 1))).filter(part => !learnt[part]);
  await Promise.all(wanted.map(async part => {
    const [chars, others] = await load(part), all = [...others];
    learn(sums(chars).map((code, at) => String.fromCodePoint(code) + all[at]).join(""));
    learnt[part] = 1;
  }));
  return wanted[0];
}

async function find(state, exactly, partly) {
  const query = parse(state.q), [lists] = await ask(query);
  if (query.both.some(term => !lists[term].ids.length) && await learnRare(state.q)) return find(state, exactly, partly);
  if (!exactly) query.both.forEach(term => spare(lists[term]));
  const guessed = query.both.some(term => lists[term].rest), early = !exactly && !guessed && setTimeout(() => partly(match(query, lists), reach(query, lists)), 100);
  await Promise.all(Object.values(lists).map(list => finish(list))).finally(() => clearTimeout(early));
  const found = guessed ? await tell(query, lists, state) : match(query, lists);
  if (!found.tier.some(Boolean)) await scatter(found, lists);
  return found;
}

// No document whose place in a list has not come yet scores more than this, nor one whose level may not count after all.
function reach({ both, terms: [term], whole }, lists) {
  if (both[1] || whole && lists[whole].tails[0]) return Infinity;
  const { freshness, kinds } = ix.manifest.rank, unsure = ix.segments[1] || ix.dead.size, level = Math.max(...lists[term].tails.map(({ files, level }) => Math.max(level, files[1] || unsure ? SURE - 1 : 0)));
  return idf(lists[term]) * VALUE[level] * (1 + freshness) * Math.max(1, ...Object.values(kinds));
}

// A mask has a bit for each filter that a document does not pass.
function sift({ tier }, state, each) {
  const wanted = FILTERS.map(which => state[which] && String(state[which]));
  const masks = ix.faces.map(has => FILTERS.reduce((all, which, at) => all | (has[which] && wanted[at] && wanted[at] !== has[which]) << at, 0));
  for (let id = 0; id < ix.total; id++) if (tier[id]) each(id, masks[ix.place[id]] | (wanted[2] && wanted[2] !== String(year(id))) << 2);
}

function passing(found, state) {
  const ids = [];
  sift(found, state, (id, mask) => mask || ids.push(id));
  return ids;
}

// A value counts what passes the other filters.
function count(found, state) {
  const counts = FILTERS.map(() => []), facets = {};
  sift(found, state, (id, mask) => {
    for (let at = 0; at < 4; at++) if (!(mask & ~(1 << at))) {
      const key = at === 2 ? year(id) : ix.place[id];
      counts[at][key] = (counts[at][key] || 0) + 1;
    }
  });
  FILTERS.forEach((which, at) => {
    const all = new Map();
    counts[at].forEach((count, key) => {
      const has = at === 2 ? { year: String(key), year_name: String(key) } : ix.faces[key], value = has[which];
      if (!all.has(value)) all.set(value, { value, name: has[which + "_name"], count: 0 });
      all.get(value).count += count;
    });
    facets[which] = [...all.values()].sort((a, b) => at === 2 ? b.value - a.value : b.count - a.count || (a.value > b.value) * 2 - 1);
  });
  return facets;
}

// Sorts a few at a time: of many documents nearly all are worse than the best so far.
function best(ids, count, key) {
  let least = -Infinity, top = [];
  const settle = () => {
    top = top.sort((a, b) => b - a).slice(0, count);
    least = top[count - 1];
  };
  for (const id of ids) {
    const worth = key(id);
    if (!(worth <= least) && top.push(worth) > 2 * count) settle();
  }
  settle();
  return ids.filter(id => !(key(id) < least));
}

const byRelevance = ({ tier, score }, ids, count) => best(ids, count, id => tier[id] * 1e9 + score[id])
  .sort((a, b) => tier[b] - tier[a] || score[b] - score[a] || inOrder(a, b)).slice(0, count);

async function byDate(ids, count) {
  const some = best(ids, count, year), years = new Map(some.map(id => [segmentOf(id).id + "/y" + year(id), id]));
  await Promise.all([...years].map(async ([name, one]) => {
    const { first, end } = segmentOf(one), days = numbers(await load(name)).reverse();
    for (let id = first; id < end; id++) if (year(id) === year(one)) ix.day[id] = days.pop();
  }));
  return some.sort((a, b) => year(b) - year(a) || ix.day[b] - ix.day[a] || inOrder(a, b)).slice(0, count);
}

async function page(found, state) {
  const { most, first } = found, ids = most ? [] : passing(found, state), total = most || ids.length, number = Math.max(1, Math.min(state.page || 1, Math.ceil(total / PAGE)));
  const shown = await (state.sort === "date" ? byDate(ids, number * PAGE) : most ? first : byRelevance(found, ids, number * PAGE));
  return { total, most, page: number, hits: await hits(found, shown.slice(number * PAGE - PAGE)), get facets() { return count(found, state); }, scattered: total > 0 && !found.tier.some(one => one > 1) };
}

async function entry(id) {
  const segment = segmentOf(id), ordinal = id - segment.first;
  let pack = 0;
  for (let step = 2 ** 24; step >= 1; step /= 2) if (segment.ends[pack + step - 1] <= ordinal) pack += step;
  const hash = segment.packs[pack];
  const all = await load(segment.id + "/p" + pack + (hash ? "-" + hash : ""));
  const [title, address, published, number, flags, text, parts, unseen] = all[ordinal - (segment.ends[pack - 1] || 0)];
  const has = ix.faces[ix.place[id]], url = ix.manifest.sites[has.site][1] + address;
  return { id, unseen, ...has, title: segment.plain(title), url, published, number, expired: flags % 2 > 0, text: segment.plain(text), parts, next: async part => segment.plain(await load(segment.id + "/c" + ordinal + "-" + part)) };
}

async function look(id, query) {
  const one = await entry(id);
  return { one, title: seek(one.title, query), text: seek(one.text, query), part: 0 };
}

// Further parts of long texts are looked through for the first hits of a page, each as far as another.
async function hits({ query, tier, score }, ids) {
  const all = await Promise.all(ids.map(id => query.seen[id] = query.seen[id] || look(id, query)));
  for (let left = 4, some = all; some.length; left -= some.length) {
    some = all.filter(({ one, title, text, part }, at) => part < one.parts && Math.min(title.level, text.level) > Math.max(0, 3 - tier[ids[at]])).slice(0, left);
    await Promise.all(some.map(async found => {
      const next = seek(await found.one.next(++found.part), query);
      if (next.level < found.text.level) found.text = next;
    }));
  }
  return all.map(({ one, title, text }, at) => ({ ...one, title: cut(title), snippet: snippet(text), tier: tier[ids[at]] - 1, score: score[ids[at]] }));
}

// Level 0: the whole query; 1: its words; 2: bigrams; 3: nothing. `all` is the text as it is folded.
function seek(text, query) {
  const gaps = [[0, 0]];
  let apart = 0;
  const all = text.replace(strange, (char, at) => {
    const one = foldOne(char);
    let place = at - apart;
    if (one.length !== char.length) {
      for (const unit of one) {
        gaps.unshift([place, at - place]);
        place += unit.length;
      }
      gaps.unshift([place, apart = at + char.length - place]);
    }
    return one;
  });
  const placeOf = at => at + gaps.find(gap => gap[0] <= at)[1];
  for (let level = 0;; level++) {
    const marks = [];
    for (const needle of query.needles[level]) {
      for (let at = 0; (at = all.indexOf(needle, at)) >= 0; at += needle.length) {
        const last = placeOf(at + needle.length - 1);
        marks.push({ from: placeOf(at), to: last + 1 + (text.codePointAt(last) > 65535), needle });
      }
    }
    if (marks[0] || level > 2) return { text, all, level, marks: marks.sort((a, b) => a.from - b.from) };
  }
}

function cut({ text, marks }, from = 0, end = text.length) {
  const all = [];
  const put = (to, hit = false) => {
    if (from < Math.min(to, end)) all.push({ text: text.slice(from, from = Math.min(to, end)), hit });
  };
  for (const mark of marks) {
    put(mark.from);
    put(mark.to, true);
  }
  put(end);
  return all;
}

// No character of two units is cut in half.
function snippet(found) {
  const { text, marks } = found, dots = { text: "…", hit: false };
  let start = 0, most = 0;
  marks.forEach((mark, at) => {
    const worth = unique(marks.slice(at, at + 20).map(one => (one.from < mark.from + SNIPPET / 2 ? one : mark).needle)).length;
    if (worth > most) [most, start] = [worth, mark.from];
  });
  start -= text.slice(Math.max(0, start - 40), start).match(/[^。！？；\n\udc00-\udfff]*$/u)[0].length;
  const end = start + SNIPPET + (text.codePointAt(start + SNIPPET - 1) > 65535);
  return [start && dots, ...cut(found, start, Math.min(end, text.length)), end < text.length && dots].filter(Boolean);
}

async function attempt(state, partly) {
  let done = false;
  await open();
  const exactly = state.page > 1 || state.sort === "date" || FILTERS.some(which => state[which]);
  if (!last || last.typed !== state.q || last.most && exactly) {
    // The first page is shown before all lists are there, if it is what it will be then.
    const found = await find(state, exactly, (some, most) => passing(some, state).filter(id => some.score[id] > most)[PAGE - 1] >= 0 && page(some, state).then(result => done || partly(result), () => {}));
    last = { ...found, typed: state.q };
  }
  const result = await page(last, state);
  done = true;
  return result;
}

// A file that is gone means a newer release.
const search = (state, partly) => attempt(state, partly).catch(async () => {
  ix = null;
  delete files.index;
  await open("?" + Date.now());
  return attempt(state, partly);
});

async function suggest(typed) {
  await open();
  const query = parse(typed), [lists] = await ask(query);
  query.both.forEach(term => spare(lists[term]));
  await Promise.all(Object.values(lists).map(list => list.tails.some(tail => tail.level === SURE) && finish(list)));
  for (const list of Object.values(lists)) {
    list.perhaps = [];
    list.ids = list.ids.filter((_, at) => list.levels[at] === SURE);
    list.levels.fill(SURE);
  }
  const found = match(query, lists), all = await Promise.all(byRelevance(found, passing(found, {}), 6).map(entry));
  return { hits: all.map(one => ({ ...one, title: cut(seek(one.title, query)) })) };
}

async function places(typed) {
  await open();
  const { sites, places, own } = ix.manifest, wanted = fold(typed.slice(0, LONGEST)), all = [];
  const spelt = RegExp("\\b(" + [...wanted].join("\\S* ") + "|" + [...wanted].join(" ?") + ")");
  for (const id of wanted[1] ? Object.keys({ ...sites, ...places }) : []) {
    const site = id.split("/")[0], face = sites[site], [name, , pinyin, href = "index.html"] = places[id] || face, called = fold(name);
    if (site === own || !places[id] ? called.includes(wanted) || spelt.test(pinyin) : wanted.endsWith(called) && wanted === fold(face[0] + name)) {
      all.push({ worth: (wanted === called) * 4 + (site === own) * 2 + !places[id], name, column: !!places[id], site_name: face[0], href: face[1] + href });
    }
  }
  return all.sort((a, b) => b.worth - a.worth).slice(0, 4);
}

genSearch.engine = { search, suggest, places, parse, fold };
window.genSearch = genSearch;

// The page; its parts lie in search.html.

const KEYS = ["q", "sort", "page", ...FILTERS];

function el(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const name in attributes) if (attributes[name]) made.setAttribute(name, attributes[name]);
  made.append(...children.filter(Boolean));
  return made;
}

const marked = pieces => el("span", {}, ...pieces.map(piece => piece.hit ? el("mark", {}, piece.text) : piece.text));
const aside = text => el("span", { class: "from" }, text);

function stateOf(query) {
  const given = new URLSearchParams(query), state = {};
  for (const key of KEYS) state[key] = (given.get(key) || "").trim().slice(0, 200);
  state.page = Math.max(1, Math.floor(state.page) || 1);
  if (state.sort !== "date") state.sort = "";
  return state;
}

const hrefOf = state => "?" + new URLSearchParams(KEYS.filter(key => state[key] && state[key] !== 1).map(key => [key, state[key]]));

function begin(box) {
  const part = name => box.querySelector("." + name);
  const input = part("q"), says = box.dataset, { site } = says, service = says.api && window.genService && window.genService(says, hrefOf, FILTERS, PAGE), title = document.title;
  let state = stateOf(location.search), turn = 0, typed;

  const when = (name, is) => { part(name).hidden = !is; };

  function fill(name, children) {
    const at = part(name), shown = (children || []).filter(Boolean);
    at.textContent = "";
    at.append(...shown);
    at.parentNode.hidden = !shown.length;
  }

  // Words come from the page, with {} for what they are of.
  const say = (words, of) => (words || "{}").replace("{}", of);
  const noteOf = ({ column, site_name }) => column ? say(says.ofColumn, site_name) : says.ofSite;

  function nameOf(which, { value, name }) {
    const words = part("by-" + which).dataset;
    return words.name ? say(words.name, value) : words[value] || name;
  }

  const quiet = work => work.catch(() => []);

  function to(change, ...children) {
    const next = () => ({ ...state, page: 1, ...change }), current = Object.keys(change).every(key => change[key] === state[key]);
    const link = el("a", { href: hrefOf(next()), "aria-current": current && "true" }, ...children);
    link.onclick = event => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      go(next());
      part("status").focus();
    };
    return link;
  }

  function go(next) {
    state = next;
    history.pushState(null, "", hrefOf(state));
    show();
  }

  async function show() {
    const mine = ++turn, { q } = state, now = work => mine === turn && work(), late = setTimeout(now, 300, () => when("busy", q));
    // What was typed before the page had its script stays.
    if (q || mine > 1) input.value = q;
    typed = 0;
    document.title = (q && q + " - ") + title;
    part("quoted").textContent = q;
    if (part("hub")) part("hub").href = part("hub").dataset.hub + hrefOf({ q });
    when("failed");
    try {
      const near = quiet(places(q));
      const result = q ? await (service ? service.search(state) : search(state, some => now(() => draw(some)))) : {};
      const links = await near;
      now(() => draw(result, links));
    } catch (_) {
      now(() => {
        draw({});
        when("failed", true);
      });
    }
    clearTimeout(late);
  }

  function draw(result, near) {
    const { total, most, hits = [], scattered } = result, query = parse(state.q), pages = Math.min(Math.ceil(total / PAGE), service ? service.most : Infinity), number = Math.min(state.page, pages || state.page), words = state.q.split(/\s+/);
    const shown = { off: 0, busy: total && !near, some: total, missing: scattered || total === 0, scattered, most, long: [...state.q][LONGEST], both: total, ways: !total, advice: total === 0 };
    state.page = number;
    const turned = (page, name) => page > 0 && page <= pages && to({ page }, name);
    for (const name in shown) when(name, shown[name]);
    part("total").textContent = total;
    fill("near", near && near.map(one => el("li", {}, el("a", { href: one.href }, one.name), aside(noteOf(one)))));
    fill("chips", FILTERS.map(which => state[which] && to({ [which]: "" }, nameOf(which, result.facets && result.facets[which].find(one => one.value === state[which]) || { value: state[which], name: state[which] }))));
    fill("sorts", [to({ sort: "" }, says.byRelevance), to({ sort: "date" }, says.byDate)]);
    fill("words", words[1] && words.map(q => to({ q }, q)));
    fill("hits", hits.map(one => el("li", {},
      el("h2", {}, el("a", { href: one.url }, marked(one.title)), one.expired && el("span", { class: "badge void" }, says.expired)),
      el("p", {}, marked(one.snippet)),
      el("p", { class: "small" }, ...[one.published, one.site_name, one.column_name].map(fact => el("span", {}, fact)), marked(cut(seek(one.number, query)))))));
    const mine = turn;
    // Once the hits are to be seen.
    setTimeout(() => {
      if (mine !== turn) return;
      fill("pages", pages > 1 && [turned(number - 1, says.newer), ...[...Array(9)].map((_, at) => turned(number + at - 4, number + at - 4)), turned(number + 1, says.older)]);
      if (!total) return;
      const { facets } = result;
      FILTERS.forEach(which => fill("by-" + which, facets[which][1] && (which !== "column" || state.site || !facets.site[1]) && facets[which].map(one =>
        el("li", {}, to({ column: which === "site" ? "" : state.column, [which]: one.value }, nameOf(which, one), aside((most ? says.most : "") + say(says.count, one.count)))))));
    });
  }

  const suggestions = async q => service ? service.suggest(q) : suggest(q);

  // What only those need who type comes when they do.
  input.oninput = () => { typed = 1; };
  input.onfocus = () => {
    input.onfocus = null;
    genSearch.page = { part, fill, el, aside, marked, noteOf, quiet, places, suggestions, site, isTyped: () => typed || input.value !== state.q };
    document.head.append(el("script", { src: says.suggest }));
  };
  part("ask").onsubmit = event => {
    event.preventDefault();
    go(stateOf(hrefOf({ q: input.value })));
  };
  part("retry").onclick = show;
  onpopstate = () => {
    state = stateOf(location.search);
    show();
  };
  part("filters").open = innerWidth > 959;
  if (document.activeElement === input) input.onfocus();
  show();
}

const box = document.getElementById("g-search");
if (box) begin(box);
})();
