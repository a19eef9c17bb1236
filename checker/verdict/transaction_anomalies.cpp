// Adya's phenomena, as Elle names and finds them in histories of lists and registers.
#include "checker/verdict/catalogue_parts.h"

#include <array>

namespace verdikt::checker {

namespace {

constexpr std::string_view data_order =
    "Transactions have an order: each comes before those that overwrote or read what it wrote.";
constexpr std::string_view from_uncommitted = "read-uncommitted and every stricter model";
constexpr std::string_view from_committed = "read-committed and every stricter model";
constexpr std::string_view of_committed_readers =
    "kafka-log with isolation.level=read_committed; read-committed and every stricter model";

constexpr anomaly_kind kind(std::string_view name,
                            std::string_view seen_when,
                            std::string_view guarantee,
                            std::string_view promised_when,
                            harm does = harm::order) {
    return {name, transactions_model, seen_when, guarantee, promised_when, does};
}

constexpr std::array kinds{
    kind("phantom",
         "A read returned a value that nobody wrote.",
         "What is read was written.",
         "any consistency model",
         harm::content),
    kind("duplicate-elements",
         "One read returned a list in which an element stands twice that was appended once.",
         "What was appended once is there once.",
         "kafka-log with idempotent producers; read-uncommitted and every stricter model"),
    kind("cyclic-versions",
         "What is known of the order of a key's versions goes in a circle.",
         "The versions of a key have an order.",
         "kafka-log with idempotent producers, acks=all and unclean elections off; "
         "read-uncommitted and every stricter model"),
    kind("incompatible-order",
         "Two reads of a key returned lists of which neither begins with the other.",
         "Everybody sees the elements of a key in one order.",
         "kafka-log with unclean elections off; read-committed and every stricter model",
         harm::content),
    kind("G1a",
         "A successful transaction read what a failed one had written (aborted read).",
         "What was aborted is never read.",
         of_committed_readers,
         harm::content),
    kind("dirty-update",
         "A successful write follows a failed one in the order of the key's versions.",
         "Nothing is built on what was aborted.",
         of_committed_readers,
         harm::content),
    kind("G1b",
         "A transaction read a version that its writer overwrote in the same transaction "
         "(intermediate read).",
         "Of another transaction only the final writes are seen.",
         from_committed),
    kind("future-read",
         "A transaction read what it wrote itself only afterwards.",
         "What is read was written before.",
         "kafka-log; read-committed and every stricter model"),
    kind("lost-write",
         "A last read of a key, made to its end once everything was healed, went without what a "
         "successful transaction had written or somebody had read (of a register: it returned "
         "something older).",
         "What was acknowledged, or seen, stays.",
         "kafka-log with acks=all, min.insync.replicas of 2 or more and unclean elections off; "
         "strong-snapshot-isolation and strict-serializable"),
    kind("torn-transaction",
         "Something of a transaction of unknown outcome was read, and a last read of another of "
         "its keys, made to its end once everything was healed, went without the rest.",
         "A transaction takes effect as a whole or not at all.",
         "kafka-log with transactions, isolation.level=read_committed and unclean elections off"),
    kind("internal",
         "A transaction read something else of a key than it had read or written itself before.",
         "A transaction agrees with itself.",
         "read-atomic and every stricter model; not repeatable-read"),
    kind("lost-update",
         "Two transactions read the same version of a key, and both wrote that key.",
         "Who writes what he has read has seen everything before it.",
         "cursor-stability, update-atomic and every stricter model",
         harm::loss),
    kind("G0",
         "Each of several transactions overwrote what the one before it had written, and so the "
         "first what the last had written (write cycle).",
         data_order,
         from_uncommitted),
    kind(
        "G1c",
        "Each of several transactions read or overwrote what the one before it had written, and so "
        "the first what the last had written; at least one of them read (circular information "
        "flow).",
        data_order,
        from_committed),
    kind("G-single-item",
         "A circle in which exactly one transaction did not see what the next one wrote "
         "(read skew).",
         "A transaction reads from one state of the whole.",
         "consistent-view, repeatable-read and every stricter model"),
    kind("G-nonadjacent-item",
         "A circle in which several transactions did not see what the next one wrote, but never "
         "two in a row (long fork).",
         "States follow each other; two readers do not see them in opposite orders.",
         "snapshot-isolation, repeatable-read and every stricter model"),
    kind("G2-item",
         "A circle in which two transactions in a row did not see what the next one wrote (write "
         "skew).",
         "Transactions take effect as if one after another.",
         "repeatable-read, serializable and every stricter model"),
    kind("G0-process",
         "A write cycle, with the order in which one process acted.",
         "Writes respect the order of each process.",
         "strong-session-read-uncommitted and every stricter model"),
    kind("G1c-process",
         "A circular information flow, with the order in which one process acted.",
         "Information respects the order of each process.",
         "strong-session-read-committed and every stricter model"),
    kind("G-single-item-process",
         "A read skew, with the order in which one process acted: it did not see what it had seen "
         "or written before.",
         "A process sees states in one order, its own writes included.",
         "strong-session-snapshot-isolation and every stricter model"),
    kind("G-nonadjacent-item-process",
         "A long fork, with the order in which processes acted.",
         "A process sees states in one order, its own writes included.",
         "strong-session-snapshot-isolation and every stricter model"),
    kind("G2-item-process",
         "A write skew, with the order in which processes acted.",
         "Transactions take effect as if one after another, in the order of each process.",
         "strong-session-serializable and strict-serializable"),
    kind("G0-realtime",
         "A write cycle, with the order of real time: a transaction that had ended before another "
         "began was written after it.",
         "Writes respect the order of real time.",
         "strong-read-uncommitted and every stricter model"),
    kind("G1c-realtime",
         "A circular information flow, with the order of real time: a write was read before it "
         "began.",
         "Information respects the order of real time.",
         "strong-read-committed and every stricter model"),
    kind("G-single-item-realtime",
         "A read skew, with the order of real time: a read did not see what had been written "
         "before it began (stale read).",
         "Who begins later sees what was done.",
         "strong-snapshot-isolation and strict-serializable"),
    kind("G-nonadjacent-item-realtime",
         "A long fork, with the order of real time.",
         "Who begins later sees what was done.",
         "strong-snapshot-isolation and strict-serializable"),
    kind("G2-item-realtime",
         "A write skew, with the order of real time.",
         "Transactions take effect as if one after another, at a moment while they run.",
         "strict-serializable"),
};

}  // namespace

std::span<const anomaly_kind> transaction_anomalies() {
    return kinds;
}

}  // namespace verdikt::checker
