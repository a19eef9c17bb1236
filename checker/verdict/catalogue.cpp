#include "checker/verdict/catalogue.h"

#include "checker/verdict/catalogue_parts.h"

#include <algorithm>
#include <array>
#include <vector>

namespace verdikt::checker {

namespace {

constexpr std::string_view always = "any settings";
constexpr std::string_view clean = "any settings, as long as unclean elections are off";
constexpr std::string_view durable =
    "acks=all, min.insync.replicas of 2 or more, unclean elections off";
constexpr std::string_view read_committed = "transactions and isolation.level=read_committed";
constexpr std::string_view idempotent = "enable.idempotence=true, unclean elections off";
constexpr std::string_view idempotent_order =
    "enable.idempotence=true, or one request in flight; unclean elections off";
constexpr std::string_view assigned =
    "partitions that were assigned, not subscribed to, unclean elections off";
constexpr std::string_view never = "nothing promises it; it is reported as seen";

constexpr std::array log_kinds{
    anomaly_kind{"phantom",
                 "kafka",
                 "A poll returned a value that nobody sent.",
                 "What is read was written.",
                 always,
                 harm::content},
    anomaly_kind{"lost-write",
                 "kafka",
                 "A message that was certainly committed lies at or below the highest offset that "
                 "was polled in "
                 "its partition, and no successful poll ever returned it.",
                 "A committed message stays readable.",
                 durable,
                 harm::loss},
    anomaly_kind{
        "unseen",
        "kafka",
        "A send was acknowledged, and by the end of the history, after a full final read of its "
        "partition, no successful poll had returned the message.",
        "A committed message becomes readable.",
        durable,
        harm::loss},
    anomaly_kind{
        "dirty-read",
        "kafka",
        "A successful poll returned a message, and every later read that passed its offset went "
        "without it.",
        "What one reader was given is not taken back.",
        clean,
        harm::loss},
    anomaly_kind{"duplicate",
                 "kafka",
                 "One message lies at two or more offsets of its partition.",
                 "A message that was sent once is stored once.",
                 idempotent},
    anomaly_kind{
        "inconsistent-offsets",
        "kafka",
        "One offset of a partition held two different messages, by acknowledgements and polls "
        "together.",
        "An offset means one message, for everybody and for ever.",
        durable,
        harm::content},
    anomaly_kind{
        "offset-reused",
        "kafka",
        "An offset that was acknowledged for one message was later acknowledged for another.",
        "An acknowledged offset is taken.",
        durable,
        harm::content},
    anomaly_kind{"G1a",
                 "kafka",
                 "A successful poll returned a message whose send or transaction had failed.",
                 "What was aborted is never read.",
                 "any settings for a failed send; read_committed, unclean elections off, for an "
                 "aborted transaction",
                 harm::content},
    anomaly_kind{"precommitted-read",
                 "kafka",
                 "A transaction polled a message that it had sent itself.",
                 "What is not committed yet is read by nobody.",
                 read_committed},
    anomaly_kind{
        "torn-transaction",
        "kafka",
        "A transaction's messages were partly read and partly, after a full final read of their "
        "partitions, not.",
        "A transaction becomes visible as a whole or not at all.",
        "transactions and isolation.level=read_committed, unclean elections off",
        harm::content},
    anomaly_kind{"int-poll-skip",
                 "kafka",
                 "Within one operation, polls passed over messages that exist.",
                 "A consumer reads a partition without gaps.",
                 clean},
    anomaly_kind{
        "int-nonmonotonic-poll",
        "kafka",
        "Within one operation, polls returned a partition's messages out of order or twice.",
        "A consumer reads a partition forwards.",
        clean},
    anomaly_kind{"poll-skip",
                 "kafka",
                 "From one operation to the next, a consumer passed over messages that exist.",
                 "A consumer reads a partition without gaps.",
                 assigned},
    anomaly_kind{"nonmonotonic-poll",
                 "kafka",
                 "From one operation to the next, a consumer went back in a partition.",
                 "A consumer reads a partition forwards.",
                 assigned},
    anomaly_kind{"int-nonmonotonic-send",
                 "kafka",
                 "Within one operation, a later send to a partition got a lower offset.",
                 "Messages of one producer keep their order.",
                 idempotent_order},
    anomaly_kind{
        "nonmonotonic-send",
        "kafka",
        "From one operation to the next, a producer's send to a partition got a lower offset.",
        "Messages of one producer keep their order.",
        idempotent_order},
    anomaly_kind{"int-send-skip",
                 "kafka",
                 "Messages of others lie between those that one operation sent to a partition.",
                 "None: producers may interleave.",
                 never,
                 harm::none},
    anomaly_kind{"order-of-epochs",
                 "kafka",
                 "Along a partition, a record has a lower leader epoch than one before it.",
                 "Leaders follow each other.",
                 clean},
    anomaly_kind{
        "order-of-timestamps",
        "kafka",
        "Along a partition whose timestamps are LogAppendTime, a record is older than one before "
        "it.",
        "A log is appended to in the order of time.",
        "message.timestamp.type=LogAppendTime, unclean elections off"},
    anomaly_kind{"stale-end-offset",
                 "kafka",
                 "A client was told a partition's end offset, and later a lower one.",
                 "The end of a partition does not go back.",
                 clean},
    anomaly_kind{"G0",
                 "kafka",
                 "Writes of transactions lie in opposite orders in different partitions.",
                 "None: transactions may interleave across partitions.",
                 never,
                 harm::none},
    anomaly_kind{
        "G0-realtime",
        "kafka",
        "The order of writes in the log contradicts the order in which the operations took place.",
        "None across partitions: transactions may interleave.",
        never,
        harm::none},
    anomaly_kind{
        "G1c",
        "kafka",
        "Each of several transactions polled a message of the one before it, or sent one that lies "
        "behind a message of it, and so the first of the last: a circle, with at least one poll.",
        "What one transaction learns from others was there before it: polls alone never go in a "
        "circle. With the order of writes they may, since a transaction's sends to several "
        "partitions are not one step.",
        read_committed},
    anomaly_kind{
        "G1c-realtime",
        "kafka",
        "A message was polled, by itself or through a chain of other messages, by an operation "
        "that had ended before the send of that message began.",
        "What is read was written before.",
        "any settings where the message itself was polled; read_committed where it was a "
        "chain of polls alone"},
};

constexpr std::array compaction_kinds{
    anomaly_kind{"compacted-too-much",
                 "compaction",
                 "A full read of a compacted partition went without the newest record of a key, or "
                 "without a tombstone whose time was not up, and no later record of that key could "
                 "have displaced it.",
                 "Compaction keeps the latest value of each key, and a tombstone for "
                 "delete.retention.ms.",
                 durable,
                 harm::loss},
    anomaly_kind{"resurrected",
                 "compaction",
                 "A full read of a compacted partition returned a record of a key that a later "
                 "tombstone had deleted, and not the tombstone.",
                 "What was deleted stays deleted.",
                 "acks=all, min.insync.replicas of 2 or more, unclean elections off; replicas and "
                 "readers that are never behind for as long as delete.retention.ms",
                 harm::content},
    anomaly_kind{"retained-too-little",
                 "compaction",
                 "A full read of a partition whose old records are deleted went without one that "
                 "was younger than retention.ms and that nobody had asked to be deleted.",
                 "A record stays for retention.ms.",
                 durable,
                 harm::loss},
    anomaly_kind{"log-start-went-back",
                 "compaction",
                 "A partition began at a lower offset than before.",
                 "What delete-records was acknowledged to have removed stays removed. Without it "
                 "nothing: each replica removes old records for itself.",
                 durable},
};

constexpr std::string_view metadata_log =
    "any settings: every broker applies one log of metadata in its order";

constexpr std::array admin_kinds{
    anomaly_kind{"acknowledged-then-absent",
                 "admin",
                 "A broker's answer went without a creation, change or deletion that had been "
                 "acknowledged, although it showed something that was only asked for after that, "
                 "or everything had been healed for longer than metadata may lag.",
                 "An acknowledged change of topics, partitions or configurations stays.",
                 metadata_log,
                 harm::loss},
    anomaly_kind{"two-answers",
                 "admin",
                 "A broker's answer went without a change that another broker had already shown, "
                 "although it showed something that was only asked for after that, or everything "
                 "had been healed for longer than metadata may lag.",
                 "Brokers that are up to date agree.",
                 metadata_log,
                 harm::content},
    anomaly_kind{"phantom-change",
                 "admin",
                 "A broker's answer showed a topic, a number of partitions or a configuration that "
                 "nobody had asked for, or only in an operation that certainly failed.",
                 "What is shown was asked for, and what failed did not happen.",
                 always,
                 harm::content},
};

}  // namespace

std::span<const anomaly_kind> all_anomalies() {
    static const std::vector<anomaly_kind> all = [] {
        std::vector<anomaly_kind> made;
        const auto add = [&made](std::span<const anomaly_kind> part) {
            made.insert(made.end(), part.begin(), part.end());
        };
        add(log_kinds);
        add(compaction_kinds);
        add(admin_kinds);
        add(exactly_once_anomalies());
        add(group_anomalies());
        add(transaction_anomalies());
        add(cluster_anomalies());
        return made;
    }();
    return all;
}

const anomaly_kind* find_anomaly(std::string_view name, std::string_view model) {
    const auto all = all_anomalies();
    const auto found = std::ranges::find_if(all, [name, model](const anomaly_kind& one) {
        return one.name == name && (model.empty() || one.model == model);
    });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace verdikt::checker
