package main

import "github.com/fetch401/fetch401/demo/worker/edge"

func main() { edge.Serve(routes()) }
