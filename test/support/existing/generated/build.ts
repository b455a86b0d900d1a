import type { FakeOrganization } from "../../fakes/fake-organization";
import { type Entity, type Json, type Kind, textOf } from "../../fakes/organization/entity";
import { KINDS } from "../../fakes/organization/kinds";
import type { Random } from "../random";
import { Names } from "./names";

/** What the generators of all kinds share. */
export class Build {
  readonly names: Names;

  constructor(
    readonly organization: FakeOrganization,
    readonly random: Random,
  ) {
    this.names = new Names(random);
  }

  /** Adds an object with an id and a name of its own. */
  add(kind: Kind, fields: { readonly [name: string]: Json }): Entity {
    const entity = { id: this.random.uuid(), name: this.names.next(kind), ...fields };
    return this.organization.add(kind, entity);
  }

  /** Some object of a kind. */
  any(kind: Kind): Entity {
    return this.random.pick(this.organization.all(kind));
  }

  some(kind: Kind, count: number): Entity[] {
    return this.random.some(this.organization.all(kind), count);
  }

  /** A reference to an object, as answers have it. */
  ref(kind: Kind, entity: Entity): { [name: string]: Json } {
    return {
      id: entity.id,
      name: textOf(entity, "name"),
      selfUri: `/api/v2/${KINDS[kind].path}/${entity.id}`,
    };
  }

  /** A division; most objects are in the home division. */
  division(): { readonly division: { [name: string]: Json } } {
    const home = this.organization.homeDivision;
    const chosen = home && this.random.chance(0.6) ? home : this.any("auth_division");
    return { division: this.ref("auth_division", chosen) };
  }
}
