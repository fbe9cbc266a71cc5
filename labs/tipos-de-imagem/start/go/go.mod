module saudacao

go 1.24
