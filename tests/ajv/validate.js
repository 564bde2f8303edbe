// Reads {"schemas": {NAME: SCHEMA}, "bodies": [[NAME, BODY], ...]} and writes what ajv says of each:
// {"compiled": {NAME: null | PROBLEM}, "valid": [true | false, ...]}. No value of a body is written.
"use strict";
const Ajv2020 = require("ajv/dist/2020");
const addFormats = require("ajv-formats");

const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const validators = {};
const compiled = {};
for (const [name, schema] of Object.entries(asked.schemas)) {
  // Union types are what 3.1 has instead of `nullable`; all other strictness stays on.
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  addFormats(ajv);
  try {
    validators[name] = ajv.compile(schema);
    compiled[name] = null;
  } catch (error) {
    compiled[name] = String(error.message);
  }
}
const valid = asked.bodies.map(([name, body]) => Boolean(validators[name] && validators[name](body)));
process.stdout.write(JSON.stringify({ compiled, valid }));
