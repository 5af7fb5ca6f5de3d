// Asks the browser's search without a browser: node client.cjs <search folder> [<search.js>]
// Each line of the input is a request, {q, site, column, year, kind, sort, page}, {suggest} or {places}; each line of the
// output its answer, with the names of the files that were fetched for it. A file is read when it is asked for; tails come
// so many milliseconds late as a request's `late` says. A request that says `anew` is asked by one who has loaded nothing yet.
"use strict";

const fs = require("fs");
const path = require("path");
const readline = require("readline");
const vm = require("vm");

const [folder, script = path.join(__dirname, "../../themes/civic/assets/search.js")] = process.argv.slice(2);
let fetched = [], late = 0;

function fetchInto(context, element) {
  const name = element.src.split("?")[0];
  fetched.push(name.replace(/\.js$/, ""));
  let text;
  try {
    text = fs.readFileSync(path.join(folder, name), "utf8");
  } catch (_) {
    return element.onerror();
  }
  vm.runInContext(text, context, { filename: name });
  return element.onload();
}

function client() {
  const context = vm.createContext({ setTimeout, clearTimeout, TextDecoder, Uint8Array });
  context.window = context;
  context.document = {
    createElement: () => ({}),
    getElementById: () => null,
    head: { append: element => late && /\/t\d/.test(element.src) ? setTimeout(fetchInto, late, context, element) : setImmediate(fetchInto, context, element) },
  };
  vm.runInContext(fs.readFileSync(script, "utf8"), context, { filename: script });
  return context.genSearch.engine;
}

async function answer(engine, request) {
  const partly = [];
  fetched = [];
  late = request.late || 0;
  const began = process.hrtime.bigint();
  let result;
  try {
    if ("fold" in request) result = { fold: request.fold.map(engine.fold) };
    else if ("parse" in request) result = { parse: request.parse.map(engine.parse) };
    else if ("suggest" in request) result = await engine.suggest(request.suggest);
    else if ("places" in request) result = { places: await engine.places(request.places) };
    else result = await engine.search(request, some => partly.push({ total: some.total, urls: some.hits.map(hit => hit.url) }));
  } catch (error) {
    result = { error: String(error), stack: error.stack };
  }
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  return Object.assign({}, result, { partly, fetched, seconds });
}

async function main() {
  let engine = client();
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (request.anew) engine = client();
    process.stdout.write(JSON.stringify(await answer(engine, request)) + "\n");
  }
}

main();
