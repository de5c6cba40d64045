module lab/reviews

go 1.26
