// Command go is a cookie session in Go with SQLite that fetch401 can renew: sign in, refresh, sign out, and an API. These
// three files are all of it.
//
//	go run ./js/docs/samples/go     http://localhost:3000; sign in as demo with the password demo
//
// ORIGIN is where browsers reach it (https://app.example.com behind a proxy); SESSION_SECRET lets sessions outlive a
// restart; ACCESS_SECONDS=5 shows a renewal sooner than in five minutes; PAGE and FETCH401 are the folders of the page and of the built library.
package main

import (
	"cmp"
	"crypto/rand"
	"database/sql"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	listener, err := net.Listen("tcp", "localhost:"+cmp.Or(os.Getenv("PORT"), "3000"))
	if err != nil {
		log.Fatal(err)
	}
	here := fmt.Sprintf("http://localhost:%d", listener.Addr().(*net.TCPAddr).Port)

	db, err := sql.Open("sqlite", "file:"+cmp.Or(os.Getenv("DATABASE"), "sessions.db")+"?_pragma=busy_timeout(5000)")
	if err == nil {
		_, err = db.Exec(schema)
	}
	if err != nil {
		log.Fatal(err)
	}
	key := []byte(cmp.Or(os.Getenv("SESSION_SECRET"), rand.Text()+rand.Text()))
	if len(key) < 32 {
		log.Fatal("SESSION_SECRET is too short")
	}
	seconds, err := strconv.Atoi(cmp.Or(os.Getenv("ACCESS_SECONDS"), "300"))
	if err != nil {
		log.Fatal(err)
	}
	s := server{sessions{db, key, time.Duration(seconds) * time.Second}, cmp.Or(os.Getenv("ORIGIN"), here)}

	mux := http.NewServeMux()
	mux.Handle("/", http.FileServer(http.Dir(cmp.Or(os.Getenv("PAGE"), "js/docs/samples/page"))))
	mux.Handle("/fetch401/", http.StripPrefix("/fetch401/", http.FileServer(http.Dir(cmp.Or(os.Getenv("FETCH401"), "js/dist")))))
	mux.Handle("/auth/", s.routes())
	mux.Handle("/api/", s.routes())

	fmt.Println(here)
	log.Fatal(http.Serve(listener, mux))
}
