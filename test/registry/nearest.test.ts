import { nearest } from "../../lib/registry/nearest";

const names = ["na-prod", "eu-prod", "apac-prod", "na-staging", "na-dev"];

test.each([
  ["na-pord", ["na-prod"]],
  ["na_prod", ["na-prod"]],
  ["NA-PROD", ["na-prod", "eu-prod"]],
  ["APAC", ["apac-prod"]],
  ["apac", ["apac-prod"]],
  ["a-prod", ["na-prod", "eu-prod"]],
  ["staging", ["na-staging"]],
  ["something-else", []],
])("%s may have meant %j", (wanted, meant) => {
  expect(nearest(wanted, names).slice(0, 2)).toEqual(meant);
});
