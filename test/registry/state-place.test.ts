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

test.each([
  "https://s3.us-east-1.amazonaws.com",
  "https://s3-fips.us-east-1.amazonaws.com/",
  "https://s3.dualstack.us-east-1.amazonaws.com",
  "https://bucket.vpce-0123456789abcdef0-abcdefgh.s3.us-east-1.vpce.amazonaws.com",
  "https://S3.cn-north-1.amazonaws.com.cn:443",
  "s3.us-east-1.amazonaws.com",
  "",
])("a bucket of AWS is the same one at the endpoint %j", (endpoint) => {
  expect(placeOf("s3", { bucket: "states", key: "a", endpoints: { s3: endpoint } })).toBe(
    "states/a",
  );
  expect(
    sharedPlaces([
      ["one", s3({})],
      ["two", s3({ endpoint })],
    ]),
  ).toEqual([["states/a", ["one", "two"]]]);
});

test.each([`${STORE}/`, `${STORE}//`, "https://MinIO.example.com", "HTTPS://minio.example.com/"])(
  "a store has one address, also written as %s",
  (endpoint) => {
    expect(ownPlaceOf(s3({ endpoint }))).toBe(`${STORE}/states/a`);
  },
);

test.each([
  "https://minio.example.com:9000",
  "https://amazonaws.com.example.com",
  "https://notamazonaws.com",
  "https://minio.example.com/Path",
  "${var.store}",
])("a store at %s is a store of its own", (endpoint) => {
  expect(ownPlaceOf(s3({ endpoint }))).toBe(`${endpoint}/states/a`);
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
