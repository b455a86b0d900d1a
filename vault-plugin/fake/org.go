// Package fake is a Genesys Cloud organisation for tests: its login, and the part of the Platform API
// that OAuth clients need. It behaves as documented; what is not documented is a switch.
package fake

import (
	"fmt"
	"sync"
	"time"
)

// Client is an OAuth client, with all its fields as the API has them.
type Client struct {
	ID        string
	Secret    string
	Fields    map[string]any
	CreatedAt time.Time
	CreatedBy string
}

// State is active, inactive, disabled or deleted.
func (c *Client) State() string { return fmt.Sprint(c.Fields["state"]) }

type token struct {
	clientID string
	until    time.Time
	// Calls of the current minute.
	minute int64
	calls  int
}

// Org is an organisation.
type Org struct {
	ID    string
	Clock *Clock

	// LoginLag is how long the login does not know a new client.
	LoginLag time.Duration
	// ReadLag is how long a new client is not found by its id.
	ReadLag time.Duration
	// ListLag is how long the list does not show a new client.
	ListLag time.Duration
	// PageSize is the number of clients on a page of the list.
	PageSize int
	// CallsPerMinute is the limit of a token; 0 means none.
	CallsPerMinute int
	// MostClients is the limit of the organisation; 0 means none.
	MostClients int
	// HidesCreator leaves createdBy out of the answers.
	HidesCreator bool
	// DropsGrants leaves roles that the caller lacks out silently, where the API may also refuse them.
	DropsGrants bool
	// Fault is asked before each request; it decides what goes wrong.
	Fault func(Request) Fault

	mu      sync.Mutex
	clients map[string]*Client
	tokens  map[string]*token
	serial  int
	calls   []Request
	most    int
	refused int
}

// Request is a request that the organisation got.
type Request struct {
	Method string
	Path   string
	// Client is the id of the client that asks.
	Client string
}

// NewOrg returns an organisation with no client.
func NewOrg(clock *Clock) *Org {
	return &Org{
		ID: "0a0a0a0a-0000-4000-8000-000000000001", Clock: clock, PageSize: 25, CallsPerMinute: 300,
		clients: map[string]*Client{}, tokens: map[string]*token{},
	}
}

// Add adds a client that someone else made, and returns it.
func (o *Org) Add(name, description string, roleDivisions ...any) *Client {
	o.mu.Lock()
	defer o.mu.Unlock()
	client := o.newClient("a-person", map[string]any{
		"name": name, "description": description, "state": "active",
		"authorizedGrantType": "CLIENT-CREDENTIALS", "accessTokenValiditySeconds": 86400.0,
		"roleDivisions": roleDivisions, "futureField": map[string]any{"kept": true},
	})
	client.CreatedAt = client.CreatedAt.Add(-24 * time.Hour)
	return client
}

// Grant is a role in a division, as a field of a client has it.
func Grant(role, division string) any {
	return map[string]any{"roleId": role, "divisionId": division}
}

func (o *Org) newClient(creator string, fields map[string]any) *Client {
	o.serial++
	client := &Client{
		ID:        fmt.Sprintf("c1c1c1c1-0000-4000-8000-%012d", o.serial),
		Secret:    fmt.Sprintf("the-secret-of-client-%06d-canary", o.serial),
		Fields:    fields,
		CreatedAt: o.Clock.Now(), CreatedBy: creator,
	}
	o.clients[client.ID] = client
	return client
}

// Client returns a copy of a client; nil if there is none.
func (o *Org) Client(id string) *Client {
	o.mu.Lock()
	defer o.mu.Unlock()
	return copyOf(o.clients[id])
}

// Clients returns copies of all clients that are not deleted.
func (o *Org) Clients() []*Client {
	o.mu.Lock()
	defer o.mu.Unlock()
	var all []*Client
	for _, id := range o.sortedIDs() {
		if o.clients[id].State() != "deleted" {
			all = append(all, copyOf(o.clients[id]))
		}
	}
	return all
}

// Change changes fields of a client, as a person would.
func (o *Org) Change(id string, fields map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for name, value := range fields {
		o.clients[id].Fields[name] = value
	}
}

// Calls returns the requests since the last Forget.
func (o *Org) Calls() []Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]Request{}, o.calls...)
}

// Forget forgets the requests so far.
func (o *Org) Forget() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = nil
}

// Most returns the largest number of clients that there were at once.
func (o *Org) Most() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.most
}

// Refused returns how many requests were one too many.
func (o *Org) Refused() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.refused
}

// Works says whether an access token is accepted.
func (o *Org) Works(value string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.bearer(value) != nil
}

// bearer returns a token that is accepted. Tokens of an inactive client work until they expire; a
// deleted or disabled client has none.
func (o *Org) bearer(value string) *token {
	found := o.tokens[value]
	if found == nil || !o.Clock.Now().Before(found.until) {
		return nil
	}
	client := o.clients[found.clientID]
	if state := client.State(); state != "active" && state != "inactive" {
		return nil
	}
	return found
}

func copyOf(c *Client) *Client {
	if c == nil {
		return nil
	}
	fields := map[string]any{}
	for name, value := range c.Fields {
		fields[name] = value
	}
	copied := *c
	copied.Fields = fields
	return &copied
}
