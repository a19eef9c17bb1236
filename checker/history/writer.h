/// Histories written: each call appends one line, whole, with its end of line.
///
/// NDJSON is the stored truth (`history.ndjson`); EDN is for Jepsen and Elle.
///
///     {"index":1,"time":2000,"process":0,"type":"ok","f":"send","value":[["send",0,[0,"a"]]]}
///     {:index 1, :time 2000, :process 0, :type :ok, :f :send, :value [[:send 0 [0 "a"]]]}
///
/// JSON has one kind of string, so: the first element of a vector in the outermost vector of
/// `value` (what a micro-operation does) is a keyword, written bare; any other keyword is written
/// with a colon in front, as EDN has it, and a text that begins with a colon gets a second one. A
/// map's keys must be strings: one that looks like an integer is an integer, any other is a
/// keyword. What that loses (a text in a keyword's place, a map's key that is none of both) is
/// turned into what it looks like, by both writers alike.
#pragma once

#include "checker/history/operation.h"

#include <string>

namespace verdikt::checker::history {

void append_ndjson(std::string& out, const operation& what);
void append_edn(std::string& out, const operation& what);

/// As `append_edn` writes a value: for reports and messages.
void append_edn(std::string& out, datum_view what);

}  // namespace verdikt::checker::history
