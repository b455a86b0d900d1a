package platform

import (
	"encoding/json"
	"time"
)

// LongestToken is the longest life of a token that Genesys Cloud allows a client.
const LongestToken = 48 * time.Hour

// RoleDivision is a role in a division; the division "*" is every division.
type RoleDivision struct {
	RoleID     string `json:"roleId"`
	DivisionID string `json:"divisionId"`
}

// States of a client. Genesys' support can set "disabled"; a "deleted" client may still be listed.
const (
	Active = "active"
	// Inactive means that the client gets no new tokens, while its tokens work until they expire.
	Inactive = "inactive"
	Deleted  = "deleted"
)

// OAuthClient is an OAuth client as an answer shows it.
type OAuthClient struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Description  string         `json:"description"`
	State        string         `json:"state"`
	TokenSeconds int            `json:"accessTokenValiditySeconds"`
	Grants       []RoleDivision `json:"roleDivisions"`
	// Secret is only in the answer that creates the client.
	Secret string `json:"secret"`
	// CreatedBy is the client or the user that created it; it is not always there.
	CreatedBy *struct {
		ID string `json:"id"`
	} `json:"createdBy"`

	// All fields of the answer, even those that are unknown here.
	fields map[string]json.RawMessage
}

// UnmarshalJSON reads a client, and keeps the fields that are unknown here.
func (c *OAuthClient) UnmarshalJSON(data []byte) error {
	type plain OAuthClient
	var known plain
	if err := json.Unmarshal(data, &known); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &known.fields); err != nil {
		return err
	}
	*c = OAuthClient(known)
	return nil
}

// Changes are fields of a client that a request sets.
type Changes map[string]any

// Fields that the API returns and does not accept, and a deprecated one that contradicts roleDivisions.
var notSentBack = []string{
	"id", "secret", "dateCreated", "dateModified", "createdBy", "modifiedBy", "selfUri", "roleIds",
}

// Writable returns the fields that can be sent back, even those that are unknown here, with changes.
func (c *OAuthClient) Writable(changes Changes) Changes {
	body := Changes{}
	for name, value := range c.fields {
		body[name] = value
	}
	for _, name := range notSentBack {
		delete(body, name)
	}
	for name, value := range changes {
		body[name] = value
	}
	return body
}

// NewClient is a client to be made.
type NewClient struct {
	Name         string
	Description  string
	TokenSeconds int
	Grants       []RoleDivision
	// Further fields, such as the addresses from which the client may call.
	Further Changes
}

func (n NewClient) body() Changes {
	body := Changes{}
	for name, value := range n.Further {
		body[name] = value
	}
	body["name"] = n.Name
	body["description"] = n.Description
	body["authorizedGrantType"] = "CLIENT-CREDENTIALS"
	body["accessTokenValiditySeconds"] = n.TokenSeconds
	body["roleDivisions"] = n.Grants
	body["state"] = Active
	return body
}

// Lacking returns the wanted grants that the held ones do not cover. A role in "*" covers all divisions.
func Lacking(held, wanted []RoleDivision) []RoleDivision {
	var lacking []RoleDivision
	for _, want := range wanted {
		covered := false
		for _, have := range held {
			if have.RoleID == want.RoleID && (have.DivisionID == "*" || have.DivisionID == want.DivisionID) {
				covered = true
			}
		}
		if !covered {
			lacking = append(lacking, want)
		}
	}
	return lacking
}

// What a request for a new client specifies; the rest is inherited.
var specified = []string{
	"name", "description", "authorizedGrantType", "accessTokenValiditySeconds", "roleDivisions", "state", "dateToDelete",
}

// Inherited returns the fields that the next client takes over, since nothing specifies them here, such
// as the addresses from which a client may call (announced for 2026).
func (c *OAuthClient) Inherited() Changes {
	further := c.Writable(nil)
	for _, name := range specified {
		delete(further, name)
	}
	return further
}
