// Parses the files named, as often as asked, with Particle's own library, and prints the shortest time of a round.
// node peer_reader.js LIBRARY ROUNDS FILE...
'use strict';
const fs = require('fs');
const [library, rounds, ...paths] = process.argv.slice(2);
const { HalModuleParser } = require(library);

async function round(files) {
	const parser = new HalModuleParser();
	const started = process.hrtime.bigint();
	for (const fileBuffer of files) {
		try {
			await parser.parseBuffer({ fileBuffer });
		} catch (error) {
			// files that cannot be parsed cost time as well
		}
	}
	return Number(process.hrtime.bigint() - started) / 1e6;
}

(async () => {
	const files = paths.map((path) => fs.readFileSync(path));
	let best = Infinity;
	for (let i = 0; i < rounds; i++) {
		best = Math.min(best, await round(files));
	}
	console.log(best);
})();
