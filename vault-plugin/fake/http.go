package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// describe says what a request is.
func (o *Org) describe(r *http.Request) Request {
	id, _, basic := r.BasicAuth()
	if !basic {
		o.mu.Lock()
		if found := o.tokens[bearerOf(r)]; found != nil {
			id = found.clientID
		}
		o.mu.Unlock()
	}
	return Request{r.Method, r.URL.Path, id}
}

func bearerOf(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

// ServeHTTP answers a request of the API or of its login.
func (o *Org) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	described := o.describe(r)
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls = append(o.calls, described)
	if r.URL.Path == "/oauth/token" {
		o.login(w, r)
		return
	}
	token := o.bearer(bearerOf(r))
	if token == nil {
		problem(w, 401, "bad.credentials", "Invalid login credentials.")
		return
	}
	if minute := o.Clock.Now().Unix() / 60; minute != token.minute {
		token.minute, token.calls = minute, 0
	}
	token.calls++
	if o.CallsPerMinute > 0 && token.calls > o.CallsPerMinute {
		o.refused++
		tooMany(w)
		return
	}
	id, isClient := strings.CutPrefix(r.URL.Path, "/api/v2/oauth/clients/")
	switch {
	case r.URL.Path == "/api/v2/organizations/me":
		answer(w, map[string]any{"id": o.ID, "name": "Fake"})
	case r.URL.Path == "/api/v2/tokens/me" && r.Method == "GET":
		answer(w, map[string]any{
			"organization": map[string]any{"id": o.ID}, "OAuthClient": map[string]any{"id": token.clientID},
		})
	case r.URL.Path == "/api/v2/tokens/me" && r.Method == "DELETE":
		delete(o.tokens, bearerOf(r))
		w.WriteHeader(200)
	case r.URL.Path == "/api/v2/oauth/clients" && r.Method == "GET":
		o.list(w, r)
	case r.URL.Path == "/api/v2/oauth/clients" && r.Method == "POST":
		o.create(w, r, token.clientID)
	case isClient:
		o.one(w, r, id, token.clientID)
	default:
		problem(w, 404, "not.found", "no such path")
	}
}

func (o *Org) login(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	client := o.clients[id]
	if client == nil || client.Secret != secret || client.State() != "active" ||
		o.Clock.Now().Before(client.CreatedAt.Add(o.LoginLag)) {
		w.WriteHeader(400)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"error": "invalid_client", "description": "authentication failed", "error_description": "authentication failed",
		})
		return
	}
	o.serial++
	value := fmt.Sprintf("access-token-%06d-canary", o.serial)
	seconds := client.Fields["accessTokenValiditySeconds"].(float64)
	o.tokens[value] = &token{clientID: id, until: o.Clock.Now().Add(time.Duration(seconds) * time.Second)}
	answer(w, map[string]any{"access_token": value, "token_type": "bearer", "expires_in": seconds})
}

func (o *Org) sortedIDs() []string {
	ids := make([]string, 0, len(o.clients))
	for id := range o.clients {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func (o *Org) list(w http.ResponseWriter, r *http.Request) {
	var all []any
	for _, id := range o.sortedIDs() {
		client := o.clients[id]
		if client.State() != "deleted" && !o.Clock.Now().Before(client.CreatedAt.Add(o.ListLag)) {
			all = append(all, o.shown(client, false))
		}
	}
	page, _ := strconv.Atoi(r.URL.Query().Get("pageNumber"))
	page = max(1, page)
	from, to := min(len(all), (page-1)*o.PageSize), min(len(all), page*o.PageSize)
	body := map[string]any{"entities": all[from:to], "total": len(all), "pageNumber": page}
	if to < len(all) {
		body["nextUri"] = fmt.Sprintf("/api/v2/oauth/clients?pageNumber=%d", page+1)
	}
	answer(w, body)
}

func (o *Org) create(w http.ResponseWriter, r *http.Request, caller string) {
	fields, ok := read(w, r)
	if !ok {
		return
	}
	live := 0
	for _, client := range o.clients {
		if client.State() != "deleted" {
			live++
		}
	}
	if o.MostClients > 0 && live >= o.MostClients {
		problem(w, 400, "oauth.client.limit", "The limit of OAuth clients is reached")
		return
	}
	if !o.mayGrant(w, fields, caller) {
		return
	}
	client := o.newClient(caller, fields)
	o.most = max(o.most, live+1)
	answer(w, o.shown(client, true))
}

func (o *Org) one(w http.ResponseWriter, r *http.Request, id, caller string) {
	client := o.clients[id]
	if client == nil || client.State() == "deleted" || o.Clock.Now().Before(client.CreatedAt.Add(o.ReadLag)) {
		problem(w, 404, "not.found", "no such client")
		return
	}
	switch r.Method {
	case "GET":
		answer(w, o.shown(client, false))
	case "PUT":
		fields, ok := read(w, r)
		if !ok || !o.mayGrant(w, fields, caller) {
			return
		}
		for _, readOnly := range []string{"id", "secret", "createdBy", "dateCreated", "selfUri"} {
			if _, sent := fields[readOnly]; sent {
				problem(w, 400, "invalid", "the field cannot be written: "+readOnly)
				return
			}
		}
		client.Fields = fields
		answer(w, o.shown(client, false))
	case "DELETE":
		if client.State() != "inactive" {
			problem(w, 400, "invalid.state", "The client state must be set to inactive before deleting")
			return
		}
		client.Fields["state"] = "deleted"
		w.WriteHeader(200)
	}
}

// mayGrant refuses roles that the caller lacks, or takes them out.
func (o *Org) mayGrant(w http.ResponseWriter, fields map[string]any, caller string) bool {
	held := fmt.Sprint(o.clients[caller].Fields["roleDivisions"])
	wanted, _ := fields["roleDivisions"].([]any)
	kept := []any{}
	for _, grant := range wanted {
		role := fmt.Sprint(grant.(map[string]any)["roleId"])
		if strings.Contains(held, role) {
			kept = append(kept, grant)
		} else if !o.DropsGrants {
			problem(w, 400, "bad.request", "You cannot grant roles that you do not have")
			return false
		}
	}
	fields["roleDivisions"] = kept
	return true
}

func (o *Org) shown(client *Client, withSecret bool) map[string]any {
	shown := map[string]any{}
	for name, value := range client.Fields {
		shown[name] = value
	}
	shown["id"], shown["selfUri"] = client.ID, "/api/v2/oauth/clients/"+client.ID
	shown["dateCreated"] = client.CreatedAt.Format(time.RFC3339)
	if !o.HidesCreator {
		shown["createdBy"] = map[string]any{"id": client.CreatedBy}
	}
	if withSecret {
		shown["secret"] = client.Secret
	}
	return shown
}

func read(w http.ResponseWriter, r *http.Request) (map[string]any, bool) {
	var fields map[string]any
	err := json.NewDecoder(r.Body).Decode(&fields)
	for _, required := range []string{"name", "authorizedGrantType"} {
		if err != nil || fields[required] == nil {
			problem(w, 400, "bad.request", "the body lacks "+required)
			return nil, false
		}
	}
	return fields, true
}

func answer(w http.ResponseWriter, body any) { _ = json.NewEncoder(w).Encode(body) }

func problem(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("ININ-Correlation-Id", "correlation-1")
	w.WriteHeader(status)
	answer(w, map[string]any{"code": code, "message": message, "status": status})
}

func tooMany(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "42")
	problem(w, 429, "too.many.requests.retry.after", "Rate limit exceeded the maximum. Retry the request in [42] seconds")
}
