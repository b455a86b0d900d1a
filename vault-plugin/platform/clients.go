package platform

import (
	"context"
	"fmt"
	"net/url"
)

const clientsPath = "/api/v2/oauth/clients"

func clientPath(id string) string { return clientsPath + "/" + url.PathEscape(id) }

// Client returns a client; nil if it does not exist, or was deleted.
func (a *API) Client(ctx context.Context, id string) (*OAuthClient, error) {
	var client OAuthClient
	err := a.call(ctx, "GET", clientPath(id), nil, &client, false)
	if IsNotFound(err) || err == nil && client.State == Deleted {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if client.ID != id {
		return nil, unusable("GET "+clientPath(id), "another client")
	}
	return &client, nil
}

// Create makes a client. Its secret is in this answer only, and the call is never repeated when its
// answer was lost.
func (a *API) Create(ctx context.Context, client NewClient) (*OAuthClient, error) {
	var created OAuthClient
	if err := a.call(ctx, "POST", clientsPath, client.body(), &created, true); err != nil {
		return nil, err
	}
	if created.ID == "" || created.Secret == "" {
		failed := unusable("POST "+clientsPath, "no id or no secret")
		failed.Uncertain = true
		return nil, failed
	}
	return &created, nil
}

// Update changes fields of a client. All other fields are sent back, even unknown ones, since the API
// replaces the whole client. It returns nil if the client no longer exists.
func (a *API) Update(ctx context.Context, id string, changes Changes) (*OAuthClient, error) {
	client, err := a.Client(ctx, id)
	if err != nil || client == nil {
		return nil, err
	}
	var updated OAuthClient
	err = a.call(ctx, "PUT", clientPath(id), client.Writable(changes), &updated, false)
	if IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &updated, nil
}

// Delete deletes a client. It is not an error if the client no longer exists.
func (a *API) Delete(ctx context.Context, id string) error {
	err := a.call(ctx, "DELETE", clientPath(id), nil, nil, false)
	if IsNotFound(err) {
		return nil
	}
	return err
}

// Clients are deleted while a list is read, and then a page lacks some that moved to the one before.
const listTries = 3

// Clients returns all OAuth clients of the organisation, by id. An incomplete list is read again, and is an
// error if that does not help.
func (a *API) Clients(ctx context.Context) (map[string]*OAuthClient, error) {
	all, total, err := a.readUntil(ctx, func(all, total int) bool { return all >= total })
	if err == nil && len(all) < total {
		err = unusable("GET "+clientsPath, fmt.Sprintf("%d of %d clients, so the list is incomplete", len(all), total))
	}
	return all, err
}

// CountClients returns how many OAuth clients the organisation has, without those that are deleted, and
// those that were on the list. While clients are deleted, some that exist may not be on the list, and some
// count that do not exist any more.
func (a *API) CountClients(ctx context.Context) (count int, listed map[string]*OAuthClient, err error) {
	listed, total, err := a.readUntil(ctx, func(int, int) bool { return true })
	count = max(total, len(listed))
	for _, client := range listed {
		if client.State == Deleted {
			count--
		}
	}
	return count, listed, err
}

// readUntil reads the list until it is good enough, but not for ever.
func (a *API) readUntil(ctx context.Context, isEnough func(all, total int) bool) (map[string]*OAuthClient, int, error) {
	for try := 1; ; try++ {
		all, total, err := a.readList(ctx)
		if err != nil {
			return nil, 0, err
		}
		// The caller is one of the clients: a list without it is incomplete, whatever its total says.
		hasCaller := all[a.ClientID()] != nil
		if hasCaller && (try == listTries || isEnough(len(all), total)) {
			return all, total, nil
		}
		if try == listTries {
			return nil, 0, unusable("GET "+clientsPath, fmt.Sprintf(
				"%d of %d clients, and not the one that asks, so the list is incomplete", len(all), total))
		}
	}
}

// readList returns the clients on all pages, and how many there are.
func (a *API) readList(ctx context.Context) (all map[string]*OAuthClient, total int, err error) {
	all = map[string]*OAuthClient{}
	for path := clientsPath; path != ""; {
		var page struct {
			Entities []*OAuthClient `json:"entities"`
			Total    int            `json:"total"`
			NextURI  string         `json:"nextUri"`
		}
		if err := a.call(ctx, "GET", path, nil, &page, false); err != nil {
			return nil, 0, err
		}
		known := len(all)
		// A page may repeat clients of another page.
		for _, client := range page.Entities {
			all[client.ID] = client
		}
		total = max(total, page.Total)
		path = ""
		// Pages in a circle bring nothing new.
		if page.NextURI != "" && len(all) > known {
			if path, err = a.nextPath(page.NextURI); err != nil {
				return nil, 0, err
			}
		}
	}
	return all, total, nil
}

// nextPath returns the path of a next page. Another host would get the token, and is refused.
func (a *API) nextPath(nextURI string) (string, error) {
	base, err := url.Parse(a.Endpoints.API)
	if err != nil {
		return "", err
	}
	next, err := base.Parse(nextURI)
	if err != nil || next.Scheme != base.Scheme || next.Host != base.Host {
		return "", unusable("GET "+clientsPath, "a next page that is not on "+base.Host)
	}
	return next.RequestURI(), nil
}
