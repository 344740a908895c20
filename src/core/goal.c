/* SPDX-License-Identifier: MIT
 * goal: see goal.h. A recursive-descent parser makes an array of nodes, operands first, so that
 * evaluation is one pass over the array. */
#include "core/goal.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/words.h"

typedef enum GoalOp {
    OP_NUMBER,
    OP_FACT,
    OP_NEGATE,
    OP_ABS,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_WORD, /* a fact that is a word: only ever the left side of OP_IS */
    OP_LESS,
    OP_AT_MOST,
    OP_MORE,
    OP_AT_LEAST,
    OP_EQUAL,
    OP_IS,
    OP_NOT,
    OP_AND,
    OP_OR,
    OP_BY,
    OP_AT,
    OP_ALWAYS,
} GoalOp;

static bool is_number(int op)
{
    return op <= OP_DIVIDE;
}

static bool is_comparison(int op)
{
    return op >= OP_LESS && op <= OP_IS;
}

static bool is_truth(int op)
{
    return op >= OP_LESS;
}

/* ---- evaluation ------------------------------------------------------------------------------ */

static double compare(int op, double a, double b)
{
    switch (op) {
    case OP_LESS:
        return a < b;
    case OP_AT_MOST:
        return a <= b;
    case OP_MORE:
        return a > b;
    case OP_AT_LEAST:
        return a >= b;
    default:
        return a == b;
    }
}

static double arithmetic(int op, double a, double b)
{
    switch (op) {
    case OP_NEGATE:
        return -a;
    case OP_ABS:
        return fabs(a);
    case OP_ADD:
        return a + b;
    case OP_SUBTRACT:
        return a - b;
    case OP_MULTIPLY:
        return a * b;
    default:
        return a / b;
    }
}

/* `before` is the node's own value at the row before: what by and always remember. */
static double logic(const GoalNode *n, double a, double b, double before, long row)
{
    switch (n->op) {
    case OP_NOT:
        return a == 0;
    case OP_AND:
        return a != 0 && b != 0;
    case OP_OR:
        return a != 0 || b != 0;
    case OP_AT:
        return row == n->step ? a != 0 : before != 0;
    case OP_BY:
        return before != 0 || (row <= n->step && a != 0);
    default:
        return (row == 0 || before != 0) && a != 0;
    }
}

static double node_value(GoalState *s, const GoalNode *n, double before)
{
    double a = s->value[n->a];
    double b = s->value[n->b];
    if (n->op == OP_NUMBER)
        return n->number;
    if (n->op == OP_FACT)
        return fact_number(&s->facts, n->index);
    if (n->op == OP_WORD)
        return NAN;
    if (n->op == OP_IS)
        return strcmp(fact_word(&s->facts, n->index), n->word) == 0;
    if (is_number(n->op))
        return arithmetic(n->op, a, b);
    if (is_comparison(n->op))
        return compare(n->op, a, b);
    return logic(n, a, b, before, s->facts.tally.row);
}

static void evaluate(GoalState *s)
{
    long row = s->facts.tally.row;
    for (int i = 0; i < s->goal->count; i++) {
        const GoalNode *n = &s->goal->node[i];
        s->value[i] = node_value(s, n, s->value[i]);
        if (n->by < 0 || row <= n->by)
            s->then[i] = s->value[i];
        s->held[i] = (row == 0 || s->held[i]) && (s->value[i] != 0) != n->negated;
    }
}

static void forget_values(GoalState *s)
{
    memset(s->value, 0, sizeof s->value);
    memset(s->then, 0, sizeof s->then);
    memset(s->held, 0, sizeof s->held);
}

void goal_start(GoalState *s, const Goal *g, const CriticalSet *known)
{
    s->goal = g;
    facts_start(&s->facts, known);
    forget_values(s);
}

bool goal_follow(GoalState *s, const Timeline *t, long row)
{
    if (row >= timeline_ready(t))
        row = timeline_ready(t) - 1;
    if (row < 0)
        row = 0;
    if (facts_begin(&s->facts, t, row))
        forget_values(s);
    while (s->facts.tally.row < row) {
        tally_add(&s->facts.tally, t);
        if (s->goal && (s->goal->follows || s->facts.tally.row == row))
            evaluate(s);
    }
    return s->goal && s->goal->count > 0 && s->value[s->goal->count - 1] != 0;
}

bool goal_met(const Goal *g, const Timeline *t, long upto_row)
{
    GoalState s;
    goal_start(&s, g, NULL);
    return goal_follow(&s, t, upto_row);
}

bool goal_stays(const Goal *g)
{
    int root = g->count ? g->node[g->count - 1].op : OP_NUMBER;
    return root == OP_BY || root == OP_AT;
}

bool goal_uses(const Goal *g, const char *fact)
{
    int index = fact_find(fact, strlen(fact));
    for (int i = 0; i < g->count; i++)
        if ((g->node[i].op == OP_FACT || g->node[i].op == OP_WORD) && g->node[i].index == index)
            return true;
    return false;
}

/* ---- conditions: the comparisons of a goal for a panel -------------------------------------- */

/* What an enclosing `by` or `always` has come to, for the comparisons below it: found from the root
 * down, as parents come after their operands. */
typedef enum Decided {
    DECIDED_NOT,
    DECIDED_MET,  /* all of it helps */
    DECIDED_THEN, /* out of reach: the row of `by N` is past; what failed, failed there */
    DECIDED_HELD, /* out of reach: `always` has broken; what failed did not always hold */
    DECIDED_LOST, /* out of reach: what must not happen has happened */
} Decided;

static Decided decided_below(const GoalState *s, const GoalNode *n, double value, Decided around)
{
    bool holds = value != 0;
    if (around != DECIDED_NOT)
        return around;
    if (n->op == OP_AT && s->facts.tally.row > n->step)
        return holds != n->negated ? DECIDED_MET : holds ? DECIDED_LOST : DECIDED_THEN;
    if (n->op == OP_BY && (holds || s->facts.tally.row > n->step))
        return holds != n->negated ? DECIDED_MET : holds ? DECIDED_LOST : DECIDED_THEN;
    if (n->op == OP_ALWAYS && !holds)
        return n->negated ? DECIDED_MET : DECIDED_HELD;
    return DECIDED_NOT;
}

static bool condition_met(const GoalState *s, int i, Decided decided)
{
    const GoalNode *n = &s->goal->node[i];
    switch (decided) {
    case DECIDED_MET:
        return true;
    case DECIDED_THEN:
        return (s->then[i] != 0) != n->negated;
    case DECIDED_HELD:
        return s->held[i];
    case DECIDED_LOST:
        return false;
    default:
        return (s->value[i] != 0) != n->negated;
    }
}

static bool has_fact(const Goal *g, int i)
{
    const GoalNode *n = &g->node[i];
    if (n->op == OP_NUMBER)
        return false;
    return n->op == OP_FACT || has_fact(g, n->a) || (n->b && has_fact(g, n->b));
}

static double how_far(double value, double threshold)
{
    double gap = fabs(value - threshold);
    if (!isfinite(gap))
        return INFINITY;
    if (value > 0 && threshold > 0)
        return fabs(log(value / threshold));
    double size = fmax(fabs(value), fabs(threshold));
    return size > 0 ? gap / size : 0;
}

static void fill_condition(const GoalState *s, int i, Decided decided, GoalCondition *c)
{
    const Goal *g = s->goal;
    const GoalNode *n = &g->node[i];
    *c = (GoalCondition){.text = g->text + n->from,
                         .length = n->to - n->from,
                         .negated = n->negated,
                         .by = n->by,
                         .at = n->at,
                         .always = n->always,
                         .value = NAN,
                         .threshold = NAN,
                         .met = condition_met(s, i, decided)};
    if (n->op == OP_IS) {
        Facts *look = (Facts *)(uintptr_t)&s->facts; /* the verdict's points are found on demand */
        c->is = fact_word(look, n->index);
        c->wanted = n->word;
        c->away = !c->met;
        return;
    }
    bool swap = !has_fact(g, n->a) && has_fact(g, n->b); /* 3 < loss */
    c->late = n->by >= 0 && s->facts.tally.row > n->by;
    c->value = s->then[swap ? n->b : n->a];
    c->threshold = s->value[swap ? n->a : n->b];
    c->away = c->met ? 0 : how_far(c->value, c->threshold);
}

int goal_conditions(const GoalState *s, GoalCondition *out, int most)
{
    Decided decided[GOAL_NODES];
    const Goal *g = s->goal;
    int count = 0;
    if (!g || g->count == 0)
        return 0;
    decided[g->count - 1] = DECIDED_NOT;
    for (int i = g->count - 1; i >= 0; i--) {
        const GoalNode *n = &g->node[i];
        if (!is_truth(n->op) || is_comparison(n->op))
            continue;
        decided[n->a] = decided_below(s, n, s->value[i], decided[i]);
        if (n->op == OP_AND || n->op == OP_OR)
            decided[n->b] = decided[n->a];
    }
    for (int i = 0; i < g->count && count < most; i++)
        if (is_comparison(g->node[i].op))
            fill_condition(s, i, decided[i], &out[count++]);
    return count;
}

int goal_nearest(const GoalCondition *c, int count)
{
    int best = -1;
    for (int i = 0; i < count; i++)
        if (!c[i].met && (best < 0 || c[i].away < c[best].away))
            best = i;
    return best;
}

/* ---- parsing --------------------------------------------------------------------------------- */

typedef enum TokenKind { TOKEN_END, TOKEN_NUMBER, TOKEN_NAME, TOKEN_SIGN, TOKEN_ERROR } TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *at;
    size_t length;
    double number;
} Token;

typedef struct Parser {
    Goal *goal;
    Error *err;
    Token token;     /* not consumed yet */
    const char *end; /* behind the last consumed token */
    int depth;
    bool failed;
} Parser;

static const int FAILED = -1;

/* The first error wins: what follows it is only its consequence. */
static int fail_at(Parser *p, const char *at, const char *message)
{
    long column = (long)utf8_count(p->goal->text, (size_t)(at - p->goal->text)) + 1;
    if (!p->failed)
        error_set(p->err, 1, column, "%s", message);
    p->failed = true;
    return FAILED;
}

static int fail(Parser *p, const char *message)
{
    return fail_at(p, p->token.at, message);
}

static int fail_expected(Parser *p, const char *what)
{
    char text[128];
    const Token *t = &p->token;
    if (t->kind == TOKEN_END)
        snprintf(text, sizeof text, "%s expected, the goal ends here", what);
    else
        snprintf(text, sizeof text, "%s expected, not '%.*s'", what,
                 (int)(t->length > 40 ? 40 : t->length), t->at);
    return fail(p, text);
}

/* Signs of other languages, and what to write here. */
static const struct {
    const char *sign;
    const char *write;
} foreign[] = {
    {"&&", "write 'and'"},
    {"||", "write 'or'"},
    {"!=", "write 'not (a == b)'"},
    {"!", "write 'not'"},
    {"=<", "write '<='"},
    {"=>", "write '>='"},
    {"=", "a comparison is written '=='"},
    {"^", "there are no powers in goals"},
};

static const char *const signs[] = {"<=", ">=", "==", "..", "<", ">", "+",
                                    "-",  "*",  "/",  "(",  ")", ":"};

static size_t number_length(const char *c)
{
    const char *at = c;
    while (isdigit((unsigned char)*at))
        at++;
    if (at[0] == '.' && at[1] != '.') /* 1..5 is a range */
        for (at++; isdigit((unsigned char)*at);)
            at++;
    if (*at == 'e' || *at == 'E') {
        const char *power = at + 1 + (at[1] == '-' || at[1] == '+');
        if (isdigit((unsigned char)*power))
            for (at = power; isdigit((unsigned char)*at);)
                at++;
    }
    return (size_t)(at - c);
}

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static void lex_sign(Parser *p, Token *t)
{
    t->kind = TOKEN_SIGN;
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(t->at, signs[i], strlen(signs[i])) == 0) {
            t->length = strlen(signs[i]);
            return;
        }
    t->kind = TOKEN_ERROR;
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        if (strncmp(t->at, foreign[i].sign, strlen(foreign[i].sign)) == 0) {
            fail(p, foreign[i].write);
            return;
        }
    char text[64] = "control character";
    const char *next = t->at;
    utf8_next(&next);
    if ((unsigned char)*t->at >= 0x20 && *t->at != 0x7f)
        snprintf(text, sizeof text, "unexpected character '%.*s'", (int)(next - t->at), t->at);
    fail(p, text);
}

static void next_token(Parser *p)
{
    Token *t = &p->token;
    p->end = t->at + t->length;
    const char *c = p->end;
    while (*c == ' ' || *c == '\t')
        c++;
    *t = (Token){.at = c};
    if (!*c) {
        t->kind = TOKEN_END;
    } else if (isdigit((unsigned char)*c) || (*c == '.' && isdigit((unsigned char)c[1]))) {
        t->kind = TOKEN_NUMBER;
        t->length = number_length(c);
        if (!number_parse(c, t->length, &t->number) || is_name(c[t->length])) {
            t->kind = TOKEN_ERROR;
            fail(p, "malformed number");
        }
    } else if (is_name(*c)) {
        t->kind = TOKEN_NAME;
        while (is_name(c[t->length]))
            t->length++;
    } else {
        lex_sign(p, t);
    }
}

static bool at_word(const Parser *p, const char *word)
{
    return (p->token.kind == TOKEN_NAME || p->token.kind == TOKEN_SIGN) &&
           word_is(p->token.at, p->token.length, word);
}

static bool take(Parser *p, const char *word)
{
    if (!at_word(p, word))
        return false;
    next_token(p);
    return true;
}

static int add_node(Parser *p, int op, int a, int b)
{
    Goal *g = p->goal;
    if (g->count >= GOAL_NODES)
        return fail(p, "the goal is too long");
    g->node[g->count] =
        (GoalNode){.op = (unsigned char)op, .a = (unsigned char)a, .b = (unsigned char)b};
    return g->count++;
}

static int add_number(Parser *p, double value)
{
    int i = add_node(p, OP_NUMBER, 0, 0);
    if (i >= 0)
        p->goal->node[i].number = value;
    return i;
}

static int node_op(const Parser *p, int i)
{
    return p->goal->node[i].op;
}

static bool want_number(Parser *p, int i, const char *at)
{
    if (i < 0 || is_number(node_op(p, i)))
        return i >= 0;
    fail_at(p, at, "a number expected here, not a condition");
    return false;
}

static bool want_truth(Parser *p, int i, const char *at)
{
    if (i < 0 || is_truth(node_op(p, i)))
        return i >= 0;
    fail_at(p, at, "a condition expected here, such as 'loss < 0.1'");
    return false;
}

static int parse_clause(Parser *p);
static int parse_unary(Parser *p);

static bool enter(Parser *p)
{
    if (++p->depth <= GOAL_DEPTH)
        return true;
    fail(p, "nested too deeply");
    return false;
}

static int unknown_name(Parser *p)
{
    static const char *const others[] = {"abs", "inf",    "and",    "or",   "not",
                                         "by",  "always", "at end", "seeds"};
    const Token *t = &p->token;
    char text[160];
    char hint[64];
    Near near;
    near_start(&near, t->at, t->length);
    for (int i = 0; facts[i].name; i++)
        near_try(&near, facts[i].name);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        near_try(&near, others[i]);
    snprintf(text, sizeof text, "unknown metric '%.*s'%s", (int)(t->length > 60 ? 60 : t->length),
             t->at, near_hint(&near, hint, sizeof hint));
    return fail(p, text);
}

static int parse_parentheses(Parser *p)
{
    const char *open = p->token.at;
    next_token(p);
    int inner = enter(p) ? parse_clause(p) : FAILED;
    p->depth--;
    if (inner < 0 || take(p, ")"))
        return inner;
    if (p->token.kind == TOKEN_END)
        return fail_at(p, open, "this parenthesis is never closed");
    return fail_expected(p, "')'");
}

static int parse_abs(Parser *p)
{
    next_token(p);
    if (!at_word(p, "("))
        return fail_expected(p, "'(' behind abs");
    const char *at = p->token.at;
    int inner = parse_parentheses(p);
    return want_number(p, inner, at) ? add_node(p, OP_ABS, inner, 0) : FAILED;
}

static bool is_reserved(const Parser *p)
{
    static const char *const words[] = {"and", "or", "not", "by", "at", "always", "seeds", "end"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (at_word(p, words[i]))
            return true;
    return false;
}

static int parse_name(Parser *p)
{
    int fact = fact_find(p->token.at, p->token.length);
    if (is_reserved(p))
        return fail_expected(p, "a metric or a number");
    if (fact < 0)
        return unknown_name(p);
    int i = add_node(p, facts[fact].number ? OP_FACT : OP_WORD, 0, 0);
    if (i < 0)
        return FAILED;
    p->goal->node[i].index = fact;
    next_token(p);
    return i;
}

static int parse_primary(Parser *p)
{
    if (p->token.kind == TOKEN_NUMBER) {
        double value = p->token.number;
        next_token(p);
        return add_number(p, value);
    }
    if (at_word(p, "("))
        return parse_parentheses(p);
    if (at_word(p, "abs"))
        return parse_abs(p);
    if (take(p, "inf"))
        return add_number(p, INFINITY);
    if (p->token.kind == TOKEN_NAME)
        return parse_name(p);
    return fail_expected(p, "a metric or a number");
}

static int parse_unary(Parser *p)
{
    if (!at_word(p, "-"))
        return parse_primary(p);
    next_token(p);
    const char *at = p->token.at;
    int inner = enter(p) ? parse_unary(p) : FAILED;
    p->depth--;
    return want_number(p, inner, at) ? add_node(p, OP_NEGATE, inner, 0) : FAILED;
}

typedef struct BinarySign {
    const char *sign;
    GoalOp op;
} BinarySign;

/* The operator at the current token, consumed; NULL: none. */
static const BinarySign *take_sign(Parser *p, const BinarySign *table)
{
    for (; table->sign; table++)
        if (take(p, table->sign))
            return table;
    return NULL;
}

/* left {sign right}, both numbers. */
static int parse_chain(Parser *p, const BinarySign *table, int (*operand)(Parser *))
{
    const char *at = p->token.at;
    int left = operand(p);
    const BinarySign *sign;
    while (left >= 0 && (sign = take_sign(p, table)) != NULL) {
        const char *right_at = p->token.at;
        int right = operand(p);
        if (right < 0 || !want_number(p, left, at) || !want_number(p, right, right_at))
            return FAILED;
        left = add_node(p, (int)sign->op, left, right);
    }
    return left;
}

static int parse_product(Parser *p)
{
    static const BinarySign table[] = {{"*", OP_MULTIPLY}, {"/", OP_DIVIDE}, {NULL, OP_NUMBER}};
    return parse_chain(p, table, parse_unary);
}

static int parse_sum(Parser *p)
{
    static const BinarySign table[] = {{"+", OP_ADD}, {"-", OP_SUBTRACT}, {NULL, OP_NUMBER}};
    return parse_chain(p, table, parse_product);
}

static int unknown_word(Parser *p, const Fact *fact)
{
    const Token *t = &p->token;
    char text[160];
    char hint[64];
    Near near;
    near_start(&near, t->at, t->length);
    for (int i = 0; fact->word(i); i++)
        near_try(&near, fact->word(i));
    snprintf(text, sizeof text, "unknown %s '%.*s'%s", fact->name,
             (int)(t->length > 60 ? 60 : t->length), t->at, near_hint(&near, hint, sizeof hint));
    return fail(p, text);
}

/* schedule == WORD */
static int parse_is(Parser *p, int left)
{
    int index = p->goal->node[left].index;
    const Fact *fact = &facts[index];
    const char *word = NULL;
    if (!take(p, "=="))
        return fail_expected(p, "'==' and a word");
    if (p->token.kind != TOKEN_NAME)
        return fail_expected(p, "a word");
    for (int i = 0; !word && fact->word(i); i++)
        if (word_is(p->token.at, p->token.length, fact->word(i)))
            word = fact->word(i);
    if (!word)
        return unknown_word(p, fact);
    int i = add_node(p, OP_IS, left, 0);
    if (i < 0)
        return FAILED;
    p->goal->node[i].index = index;
    p->goal->node[i].word = word;
    next_token(p);
    return i;
}

static const BinarySign comparisons[] = {
    {"<=", OP_AT_MOST}, {">=", OP_AT_LEAST}, {"<", OP_LESS},
    {">", OP_MORE},     {"==", OP_EQUAL},    {NULL, OP_NUMBER},
};

static int parse_compared(Parser *p, int left, const char *at)
{
    const BinarySign *sign = take_sign(p, comparisons);
    if (!sign)
        return left;
    const char *right_at = p->token.at;
    int right = want_number(p, left, at) ? parse_sum(p) : FAILED;
    if (!want_number(p, right, right_at))
        return FAILED;
    for (const BinarySign *c = comparisons; c->sign; c++)
        if (at_word(p, c->sign))
            return fail(p, "comparisons do not chain: write 'a < b and b < c'");
    return add_node(p, (int)sign->op, left, right);
}

static int parse_comparison(Parser *p)
{
    const char *at = p->token.at;
    int left = parse_sum(p);
    if (left < 0)
        return FAILED;
    int i = node_op(p, left) == OP_WORD ? parse_is(p, left) : parse_compared(p, left, at);
    if (i >= 0 && i != left) {
        p->goal->node[i].from = (short)(at - p->goal->text);
        p->goal->node[i].to = (short)(p->end - p->goal->text);
    }
    return i;
}

static bool parse_step(Parser *p, long *step)
{
    double v = p->token.number;
    if (p->token.kind != TOKEN_NUMBER || v != floor(v) || v > STEPS_MAX) {
        fail_expected(p, "a step number");
        return false;
    }
    *step = (long)v;
    next_token(p);
    return true;
}

static int add_by(Parser *p, GoalOp op, int inner, long step)
{
    int i = add_node(p, (int)op, inner, 0);
    if (i < 0)
        return FAILED;
    p->goal->node[i].step = step;
    p->goal->follows = true;
    return i;
}

/* by N: / at N: / always: / at end:, then as much as there is */
static int parse_modal(Parser *p)
{
    long step = 0;
    bool by = take(p, "by");
    bool always = !by && take(p, "always");
    bool at_row = !by && !always && take(p, "at") && p->token.kind == TOKEN_NUMBER;
    if ((by || at_row) && !parse_step(p, &step))
        return FAILED;
    if (!by && !always && !at_row && !take(p, "end"))
        return fail_expected(p, "'end' or a step number");
    if (!take(p, ":"))
        return fail_expected(p, "':'");
    const char *at = p->token.at;
    int inner = enter(p) ? parse_clause(p) : FAILED;
    p->depth--;
    if (!want_truth(p, inner, at))
        return FAILED;
    p->goal->follows = p->goal->follows || always;
    return by || at_row ? add_by(p, by ? OP_BY : OP_AT, inner, step) : always ? add_node(p, OP_ALWAYS, inner, 0) : inner;
}

static int parse_not(Parser *p)
{
    if (at_word(p, "by") || at_word(p, "always") || at_word(p, "at"))
        return parse_modal(p);
    if (!take(p, "not"))
        return parse_comparison(p);
    const char *at = p->token.at;
    int inner = enter(p) ? parse_not(p) : FAILED;
    p->depth--;
    return want_truth(p, inner, at) ? add_node(p, OP_NOT, inner, 0) : FAILED;
}

/* left {word right}, both conditions */
static int parse_joined(Parser *p, const char *word, GoalOp op, int (*operand)(Parser *))
{
    const char *at = p->token.at;
    int left = operand(p);
    while (left >= 0 && at_word(p, word)) {
        next_token(p);
        const char *right_at = p->token.at;
        int right = want_truth(p, left, at) ? operand(p) : FAILED;
        if (!want_truth(p, right, right_at))
            return FAILED;
        left = add_node(p, (int)op, left, right);
    }
    return left;
}

static int parse_and(Parser *p)
{
    return parse_joined(p, "and", OP_AND, parse_not);
}

static int parse_clause(Parser *p)
{
    const char *at = p->token.at;
    int i = parse_joined(p, "or", OP_OR, parse_and);
    while (i >= 0 && take(p, "by")) {
        long step;
        if (!want_truth(p, i, at) || !parse_step(p, &step))
            return FAILED;
        i = add_by(p, OP_BY, i, step);
        if (at_word(p, "and") || at_word(p, "or"))
            return fail(p, "put '... by N' in parentheses to join it with more");
    }
    return i;
}

/* The digits themselves: a double does not hold every seed. */
static bool parse_seed(Parser *p, uint64_t *seed)
{
    *seed = 0;
    bool ok = p->token.kind == TOKEN_NUMBER;
    for (size_t i = 0; ok && i < p->token.length; i++) {
        unsigned digit = (unsigned)(p->token.at[i] - '0');
        ok = digit < 10 && *seed <= (UINT64_MAX - digit) / 10;
        *seed = 10 * *seed + digit;
    }
    if (ok)
        next_token(p);
    else
        fail_expected(p, "a seed");
    return ok;
}

static bool parse_seeds(Parser *p)
{
    Goal *g = p->goal;
    if (!take(p, "seeds"))
        return true;
    const char *at = p->token.at;
    g->seeded = true;
    if (!parse_seed(p, &g->seed_first))
        return false;
    g->seed_last = g->seed_first;
    if (take(p, "..") && !parse_seed(p, &g->seed_last))
        return false;
    if (g->seed_last < g->seed_first || g->seed_last - g->seed_first >= GOAL_SEEDS)
        return fail_at(p, at, "a range of 1 to 1000 seeds expected, low..high") >= 0;
    return take(p, ":") || fail_expected(p, "':' behind the seeds") >= 0;
}

static bool parse_goal(Parser *p)
{
    next_token(p);
    if (!parse_seeds(p))
        return false;
    const char *at = p->token.at;
    int root = parse_clause(p);
    if (root < 0)
        return false;
    if (p->token.kind != TOKEN_END)
        return fail_expected(p, "'and', 'or' or the end") >= 0;
    return want_truth(p, root, at);
}

/* Operands stand under what their parent stands under or is: from the root down. */
static void inherit(Goal *g)
{
    g->node[g->count - 1].by = -1;
    for (int i = g->count - 1; i >= 0; i--) {
        const GoalNode *n = &g->node[i];
        if (n->op == OP_NUMBER || n->op == OP_FACT || n->op == OP_WORD)
            continue;
        int operand[] = {n->a, n->b}; /* the first node is never a second operand */
        for (int k = 0; k < (n->b ? 2 : 1); k++) {
            GoalNode *below = &g->node[operand[k]];
            bool row = n->op == OP_BY || n->op == OP_AT;
            below->by = row ? n->step : n->by;
            below->at = row ? n->op == OP_AT : n->at;
            below->negated = n->negated != (n->op == OP_NOT);
            below->always = n->always || n->op == OP_ALWAYS;
        }
    }
}

bool goal_parse(Goal *g, const char *text, Error *err)
{
    size_t length = strlen(text);
    *g = (Goal){.count = 0};
    if (length >= GOAL_TEXT)
        return error_set(err, 1, GOAL_TEXT, "the goal is too long (at most %d bytes)",
                         GOAL_TEXT - 1);
    memcpy(g->text, text, length + 1);
    Parser p = {.goal = g, .err = err, .token = {.at = g->text}, .end = g->text};
    bool ok = parse_goal(&p);
    if (ok)
        inherit(g);
    else
        g->count = 0;
    return ok;
}
