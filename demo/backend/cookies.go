package backend

import "net/http"

// The prefixes make the browser enforce Secure and, for the access cookie, that no other host set it. The refresh
// cookie only travels to /auth, so the API never sees it.
const (
	accessCookie  = "__Host-access"
	refreshCookie = "__Secure-refresh"
)

func newAccessCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: accessCookie, Value: value, Path: "/", MaxAge: maxAge,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

func newRefreshCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: refreshCookie, Value: value, Path: "/auth", MaxAge: maxAge,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

func clearCookies(w http.ResponseWriter) {
	http.SetCookie(w, newAccessCookie("", -1))
	http.SetCookie(w, newRefreshCookie("", -1))
}

func cookieValue(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}
