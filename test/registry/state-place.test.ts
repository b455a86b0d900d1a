import { ownPlaceOf, placeOf, sharedPlaces } from "../../lib/registry/state-place";

const s3 = (arguments_: object) => ({ s3: { bucket: "states", key: "a", ...arguments_ } });
const STORE = "https://minio.example.com";

test("a state is where its bucket and its key are, however Terraform gets there", () => {
  expect(ownPlaceOf(s3({ region: "eu-west-1", profile: "me" }))).toBe("states/a");
  expect(placeOf("s3", { bucket: "states", key: "/a" })).toBe("states/a");
  expect(ownPlaceOf({ local: { path: "a.tfstate" } })).toBe("local a.tfstate");
  expect(ownPlaceOf({})).toBeUndefined();
});

test("another store has other states", () => {
  const place = `${STORE}/states/a`;
  expect(ownPlaceOf(s3({ endpoints: { s3: STORE } }))).toBe(place);
  expect(ownPlaceOf(s3({ endpoint: STORE }))).toBe(place);
});

test("stacks with one state are found, and no others", () => {
  const local = { local: { path: "terraform.tfstate" } };
  expect(
    sharedPlaces([
      ["one", s3({})],
      ["two", s3({ key: "/a", region: "eu-west-1" })],
      ["component", s3({ key: "b" })],
      ["elsewhere", s3({ endpoints: { s3: STORE } })],
      ["first folder", local],
      ["second folder", local],
      ["without a backend", undefined],
    ]),
  ).toEqual([["states/a", ["one", "two"]]]);
});
