import { readPages } from "../../../lib/existing/read/pages";
import { OBJECT_TYPES } from "../../../lib/existing/types";
import { generateOrganization } from "../../support/existing/generated-organization";
import { readOrganization } from "../../support/existing/read-organization";
import type { FakeOrganization } from "../../support/fakes/fake-organization";

test("all OAuth clients are read, although the API does not take a number of a page", async () => {
  const organization: FakeOrganization = generateOrganization({ seed: 31, objects: 3000 });
  const types = OBJECT_TYPES.filter(({ plural }) => plural === "oauth-clients");
  const { existing } = await readOrganization(organization, { types });
  const clients = existing.objects.filter(({ type }) => types[0]?.type === type);
  // The last one was disabled by Genesys' support; the planner is one more.
  expect(clients.length).toBeGreaterThanOrEqual(organization.all("oauth_client").length - 1);
  expect(clients.length).toBeGreaterThan(25);
});

describe("a list of pages that name the next one", () => {
  const pages: Record<string, object> = {
    "/list": { entities: [{ id: 1 }], total: 2, nextUri: "https://other.example.com/list?page=2" },
    "/list?page=2": { entities: [{ id: 2 }], total: 2, nextUri: "/list?page=2" },
  };
  const read = (all: Record<string, object>) =>
    readPages(async (path) => all[path], { path: "/list", paging: "next page" });

  test("is read to its end, on the host of the API", async () => {
    expect(await read(pages)).toEqual([{ id: 1 }, { id: 2 }]);
  });

  test("is refused if pages are missing", async () => {
    await expect(read({ ...pages, "/list?page=2": { entities: [] } })).rejects.toThrow(
      "GET /list: the list is incomplete: it has 1 of 2 objects",
    );
  });
});
