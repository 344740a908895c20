/* SPDX-License-Identifier: MIT
 * course: the lessons in order. */
#ifndef ETA_TEACH_COURSE_H
#define ETA_TEACH_COURSE_H

#include "teach/lesson.h"

typedef struct Course {
    Lesson **lesson; /* owned, each of them too */
    int count;
    int room;
    int read; /* embedded files looked at by course_read */
} Course;

/* Read one more built-in lesson into a course that began as zeros; false: there is none. One with
 * errors is left out. */
bool course_read(Course *c, ErrorList *list);
/* All of them; false if one has errors (the others are there). */
bool course_embedded(Course *c, ErrorList *list);
/* Add a lesson; the course owns it. false: out of memory. */
bool course_add(Course *c, Lesson *l);
/* The same, in the stead of a lesson with its id where there is one. Its index; -1: out of
 * memory, and the lesson stays the caller's. */
int course_join(Course *c, Lesson *l);
void course_free(Course *c);
int course_find(const Course *c, const char *id, size_t length); /* -1: none */
/* "too-low/slow-or-stuck" */
const Step *course_step(const Course *c, const char *path, const Lesson **lesson);
/* What joins the files: ids taken twice, @from and needs= that lead nowhere or forward, words
 * of the glossary that are used before the step that marks them as new. */
void course_verify(const Course *c, ErrorList *list);

#endif
