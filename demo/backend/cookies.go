package backend

import "net/http"

// The prefix makes the browser see to it that this host set the cookie, over https. __Secure- would let a sibling host
// plant one, and so sign people in as somebody else. The price is Path=/: the refresh token travels with every request,
// where a Path of /auth would keep it from the rest of the host.
const (
	accessCookie  = "__Host-access"
	refreshCookie = "__Host-refresh"
)

func newAccessCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: accessCookie, Value: value, Path: "/", MaxAge: maxAge,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

func newRefreshCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: refreshCookie, Value: value, Path: "/", MaxAge: maxAge,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

func clearCookies(w http.ResponseWriter) {
	http.SetCookie(w, newAccessCookie("", -1))
	http.SetCookie(w, newRefreshCookie("", -1))
}

// cookieValue gives the value of a cookie, and how many of that name came. Two have none: somebody else has set one of
// them, in a browser that does not know the prefix, and nobody can tell which.
func cookieValue(r *http.Request, name string) (value string, sent int) {
	named := r.CookiesNamed(name)
	if len(named) == 1 {
		value = named[0].Value
	}
	return value, len(named)
}
