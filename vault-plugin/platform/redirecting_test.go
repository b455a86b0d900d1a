package platform_test

import "net/http"

// redirecting answers every request with a redirect.
type redirecting struct{}

func (redirecting) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Location", "https://elsewhere.example")
	w.WriteHeader(http.StatusFound)
}
